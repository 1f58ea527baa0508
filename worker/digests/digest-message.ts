import type { DigestPeriod } from '../../db/units/insight.ts'
import { type Day, type EpochMs, startOf } from '../../db/units/time.ts'
import type { Message } from '../deliveries/message.ts'
import type { Digest } from './digest.ts'
import { change, dollars } from './dollars.ts'

/** In a message; the page has them all. */
const MOST_LINES = 10
const MOST_BUDGETS = 5

const LEFT_OVER: Readonly<Record<string, string>> = {
  idle: 'Idle',
  unmeasured: 'Unmeasured',
  unallocated: 'Unallocated',
}

/** A digest as it is told. It has the figures as facts, in order; their sum is said first. */
export function digestMessage(digest: Digest, { incident, atMs }: { incident: string; atMs: EpochMs }): Message {
  const { period, start, end, teamName, windows, findings } = digest
  const [own] = windows
  const whose = teamName === null ? '' : ` of ${teamName}`
  const cost = own?.costNanoUsd ?? null
  const more = cost === null ? null : change(cost, own?.previousCostNanoUsd ?? null)
  const amount = cost === null ? 'not billed yet' : `${dollars(cost)}${more ? ` (${more})` : ''}`
  return {
    kind: 'digest',
    severity: 'info',
    title: `${period === 'day' ? 'Daily' : 'Weekly'} digest${whose}, ${daysText(period, start, end)}: ${amount}`,
    text: sentences(digest),
    facts: [
      ...windows.map((window) => ({ name: WINDOW_NAMES[window.name], value: windowText(window) })),
      ...lineFacts(digest),
      ...monthFacts(digest),
      ...tokenFacts(digest),
      ...findings.map(({ severity, title }) => ({ name: `Finding (${severity})`, value: title })),
    ],
    href: digestHref(digest),
    incident,
    atMs,
  }
}

const WINDOW_NAMES = {
  day: 'The day',
  week: 'The week',
  last7: 'Last 7 days',
  last30: 'Last 30 days',
} as const

/** The digest's own page. */
export function digestHref({ period, end, teamId }: Pick<Digest, 'period' | 'end' | 'teamId'>): string {
  return `/digests?${new URLSearchParams({ period, day: end, ...(teamId ? { team_id: teamId } : {}) })}`
}

function sentences({ windows, billedThroughDay, findings }: Digest): string {
  const [own] = windows
  const billed =
    billedThroughDay === null
      ? 'No bill has been read yet.'
      : own && !own.isComplete
        ? `The bill ends on ${dayText(billedThroughDay)}: these figures are not complete.`
        : ''
  const found = findings.length === 0 ? '' : `${findings.length === 1 ? 'One finding' : `${findings.length} findings`}.`
  return [billed, found].filter(Boolean).join(' ')
}

function windowText({ costNanoUsd, previousCostNanoUsd, isComplete }: Digest['windows'][number]): string {
  if (costNanoUsd === null) return 'not billed yet'
  const more = change(costNanoUsd, previousCostNanoUsd)
  const before =
    previousCostNanoUsd === null ? 'not enough history to compare' : `before: ${dollars(previousCostNanoUsd)}`
  const notes = [more, before, isComplete ? null : 'so far'].filter(Boolean).join(', ')
  return `${dollars(costNanoUsd)} (${notes})`
}

function lineFacts({ lines }: Digest): Message['facts'] {
  const owned = lines.filter(({ kind }) => !(kind in LEFT_OVER))
  const others = owned.slice(MOST_LINES)
  const sum = others.reduce((all, { costNanoUsd }) => all + costNanoUsd, 0n)
  const text = (cost: bigint, before: bigint | null) => {
    const more = change(cost, before)
    return `${dollars(cost)}${more ? ` (${more})` : ''}`
  }
  return [
    ...owned.slice(0, MOST_LINES).map(({ name, costNanoUsd, previousCostNanoUsd }) => ({
      ...{ name: name || '(no name)', value: text(costNanoUsd, previousCostNanoUsd) },
    })),
    ...(others.length > 0 ? [{ name: `${others.length} others`, value: dollars(sum) }] : []),
    ...lines
      .filter(({ kind }) => kind in LEFT_OVER)
      .map(({ kind, costNanoUsd, previousCostNanoUsd }) => ({
        ...{ name: LEFT_OVER[kind] ?? kind, value: text(costNanoUsd, previousCostNanoUsd) },
      })),
  ]
}

function monthFacts({ monthToDate }: Digest): Message['facts'] {
  if (!monthToDate) return []
  const { costNanoUsd, budgets } = monthToDate
  return [
    { name: 'Month to date', value: dollars(costNanoUsd) },
    ...budgets.slice(0, MOST_BUDGETS).map(({ name, costNanoUsd: spent, budgetNanoUsd, percent }) => ({
      name: `Budget of ${name}`,
      value: `${dollars(spent)} of ${dollars(budgetNanoUsd)}${percent === null ? '' : ` (${percent}%)`}`,
    })),
  ]
}

function tokenFacts({ tokens }: Digest): Message['facts'] {
  if (!tokens) return []
  const { totalTokens, requestCount, costNanoUsd, unpricedTokens } = tokens
  const count = (n: number) => n.toLocaleString('en-US')
  const words = [
    ...(totalTokens === null ? [] : [`${count(totalTokens)} tokens`]),
    `${count(requestCount)} calls`,
    dollars(costNanoUsd),
    ...(unpricedTokens > 0 ? [`${count(unpricedTokens)} tokens without a price`] : []),
  ]
  return [{ name: 'Metered calls', value: words.join(', ') }]
}

function daysText(period: DigestPeriod, start: Day, end: Day): string {
  return period === 'day' ? dayText(end) : `${dayText(start)} to ${dayText(end)}`
}

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })

/** "13 Jan 2026" */
function dayText(day: Day): string {
  return DAY.format(startOf(day))
}
