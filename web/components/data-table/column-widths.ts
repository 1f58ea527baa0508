/** Wider than this no column becomes for the sake of one text, in rem. */
const MOST = 36

type Sized = { readonly width: number; readonly grows?: boolean }

/**
 * How wide each column is, in rem: together as wide as the room, if that is enough. A column that grows may be narrower than
 * its width where what it holds is (`wished`, in rem; 0: not known). What is over goes first to those that wish for more,
 * by what they miss, then to all that grow.
 */
export function columnWidths(columns: readonly Sized[], wished: readonly number[], room: number): number[] {
  const least = columns.map(({ width, grows }, at) => (grows ? Math.min(width, wished[at] || width) : width))
  const spare = room - sum(least)
  if (spare <= 0) return least
  const missing = columns.map(({ width, grows }, at) =>
    grows ? Math.max(0, Math.min(MOST, wished[at] ?? 0) - width) : 0,
  )
  const given = Math.min(1, spare / (sum(missing) || 1))
  const growing = columns.some(({ grows }) => grows) ? columns.map(({ grows }) => Number(grows === true)) : least
  const rest = Math.max(0, spare - sum(missing)) / sum(growing)
  return least.map((width, at) => width + (missing[at] ?? 0) * given + (growing[at] ?? 0) * rest)
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
