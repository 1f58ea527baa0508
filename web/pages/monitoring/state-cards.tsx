import type { UseQueryResult } from '@tanstack/solid-query'
import { StatCard } from '../../components/stat-card.tsx'
import { formatAgo } from '../../format/ago.ts'
import { formatBytes, formatCount, formatCountOf } from '../../format/count.ts'
import { STATUS, type State } from './words.ts'

/** How Heliox is, in five figures. */
export function StateCards(props: { query: UseQueryResult<State> }) {
  const state = () => (props.query.isPending ? undefined : props.query.data)
  const shown = (format: (known: State) => string) => {
    const known = state()
    return known ? format(known) : props.query.isError ? '—' : undefined
  }
  const note = (format: (known: State) => string) => {
    const known = state()
    return known ? format(known) : ''
  }
  const kept = ({ answerCache: { hit, miss, notModified } }: State) => {
    const all = hit + miss + notModified
    return all === 0 ? '–' : `${Math.floor((100 * (hit + notModified)) / all)}%`
  }
  const round = (known: State) => known.clock.find(({ task }) => task === 'tick')?.finishedAt ?? null
  const lacking = ({ health }: State) => health.checks.filter(({ status }) => status !== 'healthy').length
  return (
    <dl class="cards">
      <StatCard title="State" value={shown(({ health }) => STATUS[health.status][0])}>
        {note((known) =>
          lacking(known) === 0
            ? `All ${known.health.checks.length} checks are fine`
            : `${formatCountOf(lacking(known), 'check')} of ${known.health.checks.length} not fine`,
        )}
      </StatCard>
      <StatCard
        title="Last background round"
        value={shown((known) => {
          const at = round(known)
          return at ? formatAgo(at, known.health.timestamp) : 'Never yet'
        })}
      >
        Due every five minutes
      </StatCard>
      <StatCard
        title="Imports under way"
        value={shown(({ imports }) => formatCount(imports.queued + imports.underWay))}
      >
        {note(({ imports, health }) =>
          imports.oldestAt
            ? `The oldest began ${formatAgo(imports.oldestAt, health.timestamp)}`
            : `${formatCount(imports.failedKept)} failed files kept`,
        )}
      </StatCard>
      <StatCard title="Answered from memory" value={shown(kept)}>
        {note(
          ({ answerCache: { hit, miss, notModified } }) => `Of ${formatCountOf(hit + miss + notModified, 'question')}`,
        )}
      </StatCard>
      <StatCard
        title="Database"
        value={shown(({ databaseBytes }) => (databaseBytes === null ? '–' : formatBytes(databaseBytes)))}
      >
        {note(({ databaseBytes }) =>
          databaseBytes === null ? 'It does not tell its size' : 'On disk, without its log',
        )}
      </StatCard>
    </dl>
  )
}
