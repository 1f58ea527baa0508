/** What a row of an answer stands for: somebody who used GPUs, or one of the remainders that complete the bill. */
export type RowKind = 'owner' | 'other' | 'assigned' | 'idle' | 'unmeasured' | 'unallocated' | 'total'

const FIXED = {
  other: ['All others', 'Every other group, added up exactly.'],
  assigned: ['Given by rule', 'Charges that a rule gave to a team: no job, so no model and no status.'],
  idle: ['Idle', 'Hours that were paid for and that no job held. By allocation the jobs of the day carry them.'],
  unmeasured: [
    'Unmeasured',
    'The bill does not say how many GPU-hours it covers, so use and idle time cannot be told apart.',
  ],
  unallocated: ['Unallocated', 'Days on which no job held these GPUs at all; or a charge that is for no GPU.'],
  total: ['Total', 'Everything that was billed.'],
} as const

/** The team of Heliox's own that deployments belong to. */
export const SERVING = '__serving__'

/** The name of a team as a reader sees it. */
export function teamName(name: string): string {
  return name === SERVING ? 'Serving' : name
}

/** The name a reader sees; an owner without a name is said to be unnamed. */
export function rowName(row: { name: string; kind: RowKind }): string {
  return row.kind === 'owner' ? teamName(row.name) || '(not named)' : FIXED[row.kind][0]
}

/** One sentence on a remainder; null for an owner, who explains himself. */
export function rowMeaning(kind: RowKind): string | null {
  return kind === 'owner' ? null : FIXED[kind][1]
}
