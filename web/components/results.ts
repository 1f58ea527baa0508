import { createSignal } from 'solid-js'

const [said, setSaid] = createSignal<readonly { id: number; words: string }[]>([])
let last = 0

/** What was said and not shown yet, the oldest first. */
export const saidResults = said

/** Says what came of an action, in a sentence that goes by itself: "Speech is saved." */
export function sayResult(words: string): void {
  last += 1
  setSaid([...said(), { id: last, words }])
}

/** What is shown is not shown again. */
export function takeResults(): readonly string[] {
  const taken = said().map(({ words }) => words)
  setSaid([])
  return taken
}
