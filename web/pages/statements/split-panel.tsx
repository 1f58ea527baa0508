import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../../api.ts'
import { Panel } from '../../components/panel.tsx'
import { useTeams } from '../../teams.ts'
import { SplitDialog } from './split-dialog.tsx'
import { METHODS } from './split-methods.ts'
import type { Decision } from './statement-queries.ts'

/** How open months share what nobody was charged; an administrator decides. */
export function SplitPanel(props: { mayDecide: boolean }) {
  const settings = useQuery(() => ({ queryKey: ['settings'], queryFn: () => api.settings.get.query() }))
  const { teams } = useTeams()
  const [isOpen, setOpen] = createSignal(false)
  const who = ({ method, teams: listed, weights }: Decision) => {
    const nameOf = (id: string) => teams()?.find((team) => team.id === id)?.name ?? id
    if (method === 'none') return ''
    if (weights) return `Weights: ${weights.map(({ teamId, weight }) => `${nameOf(teamId)} ${weight}`).join(', ')}.`
    return listed
      ? `Among ${listed.map(nameOf).join(', ')}.`
      : 'Among all teams that were charged anything in the month.'
  }
  return (
    <Panel title="Shared cost" query={settings} minHeight={90} isEmpty={() => false} empty={undefined}>
      {(data) => (
        <div class="split">
          <div>
            <p>
              <b>{METHODS[data().sharedCostSplit.method].title}.</b> {METHODS[data().sharedCostSplit.method].words}{' '}
              {who(data().sharedCostSplit)}
            </p>
            <p class="note">
              Shared cost is what no job and no rule was charged: idle days, storage, support. A decision holds for open
              months; closed ones keep theirs.
            </p>
          </div>
          <Show when={props.mayDecide}>
            <button type="button" class="button no-print" onClick={() => setOpen(true)}>
              Change the split
            </button>
          </Show>
          <Show when={isOpen()}>
            <SplitDialog
              decision={data().sharedCostSplit}
              version={data().version}
              teams={teams() ?? []}
              onReload={() => settings.refetch()}
              onClose={() => setOpen(false)}
            />
          </Show>
        </div>
      )}
    </Panel>
  )
}
