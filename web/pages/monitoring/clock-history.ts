/** How regular a task has been: its ends that are known, the last first, and its longest pause. */
export type ClockHistory = {
  count: number
  since: string
  /** Between two ends; `before` is the later. Null: fewer than two ends. */
  longest: { minutes: number; before: string } | null
  /** A pause of more than twice what is due. */
  isGappy: boolean
}

/** What the known ends of a task tell; null without one. */
export function clockHistory(ends: readonly { finishedAt: string }[], dueMinutes: number): ClockHistory | null {
  const first = ends.at(-1)
  if (!first) return null
  let longest: ClockHistory['longest'] = null
  for (const [index, { finishedAt: before }] of ends.entries()) {
    const earlier = ends[index + 1]
    if (!earlier) break
    const minutes = Math.round((Date.parse(before) - Date.parse(earlier.finishedAt)) / 60_000)
    if (longest === null || minutes > longest.minutes) longest = { minutes, before }
  }
  const isGappy = longest !== null && longest.minutes > 2 * dueMinutes
  return { count: ends.length, since: first.finishedAt, longest, isGappy }
}
