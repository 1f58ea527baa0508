import type { Choice, Filter, Question } from './choice.ts'
import { writeChoice } from './choice.ts'
import type { Range } from './range.ts'

/** What of a figure is not in the question: the kind of its row, and how far down the reader went. */
export const FIGURE_KINDS = ['total', 'owner', 'assigned', 'idle', 'unmeasured', 'unallocated'] as const
export type FigureKind = (typeof FIGURE_KINDS)[number]

/** Which amount of the bill a figure is of, as the address and the server name it. */
export const COST_KINDS = ['effective', 'billed', 'list'] as const
export type CostKind = (typeof COST_KINDS)[number]

/** What each is, inside a sentence. */
export const COST_WORDS = {
  effective: 'effective cost',
  billed: 'cost as invoiced',
  list: 'cost at list price',
} as const satisfies Record<CostKind, string>

/** A question that says which amount is meant. */
export type CostQuestion = Question & { cost: CostKind }

export type Explained = {
  kind: FigureKind
  cost: CostKind
  /** One pool-day of the figure. */
  at: { day: string; provider: string; gpuType: string } | null
  /** One job of it: "job_3". */
  jobId: string | null
}

type Params = Readonly<Record<string, string | string[] | undefined>>

/** Reads an address of the explain page. What it does not understand it leaves out. */
export function readExplained(params: Params): Explained {
  const text = (name: string) => (typeof params[name] === 'string' ? params[name] : '')
  const kind = text('kind') as FigureKind
  const cost = text('cost') as CostKind
  const [day, provider, gpuType] = [text('day'), text('pool_provider'), text('pool_gpu_type')]
  return {
    kind: FIGURE_KINDS.includes(kind) ? kind : 'total',
    cost: COST_KINDS.includes(cost) ? cost : 'effective',
    at: /^\d{4}-\d\d-\d\d$/.test(day) && provider ? { day, provider, gpuType } : null,
    jobId: /^job_\d+$/.test(text('job')) ? text('job') : null,
  }
}

/** The address that explains a figure of a choice. The last 14 days stay the last 14 days, two chosen days those days. */
export function explainAddress(
  choice: Pick<Choice, 'basis' | 'filters'>,
  range: Range,
  more: Partial<Explained> = {},
): string {
  const { kind = 'total', cost = 'effective', at = null, jobId = null } = more
  const params = new URLSearchParams()
  const all = {
    ...writeChoice({ range, basis: choice.basis, filters: choice.filters }),
    kind: kind === 'total' ? null : kind,
    cost: cost === 'effective' ? null : cost,
    ...{ day: at?.day, pool_provider: at?.provider, pool_gpu_type: at?.gpuType, job: jobId },
  }
  for (const [name, value] of Object.entries(all)) for (const one of [value ?? []].flat()) params.append(name, one)
  const text = params.toString()
  return text === '' ? '/explain' : `/explain?${text}`
}

/**
 * The address that explains a row of a breakdown; undefined where it cannot be named: by exposure nothing adds up, and an
 * owner without a name is no filter. Pool-days are UTC days.
 */
export function explainRow(
  choice: Pick<Choice, 'basis' | 'filters' | 'zone'>,
  range: Range,
  row: { kind: FigureKind | 'other' },
  filter: Filter | null,
): string | undefined {
  if (choice.basis === 'exposure' || choice.zone !== 'UTC' || row.kind === 'other') return undefined
  if (row.kind !== 'owner') return explainAddress(choice, range, { kind: row.kind })
  if (filter === null || filter.value === '') return undefined
  const others = choice.filters.filter(({ name }) => name !== filter.name)
  return explainAddress({ ...choice, filters: [...others, filter] }, range)
}
