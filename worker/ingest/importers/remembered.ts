/** Texts that are remembered at a time: bills repeat their tags and times, and memory must not grow with the file. */
const MOST_REMEMBERED = 10_000

/** The same function, which works out each text once as long as it remembers it. What it answers must not be changed. */
export function remembered<Result>(compute: (text: string) => Result): (text: string) => Result {
  let known = new Map<string, { result: Result }>()
  return (text) => {
    const key = `${text}\n` // a text of its own: a piece of the file's text would keep all of it in memory
    const found = known.get(key)
    if (found) return found.result
    const result = compute(text)
    if (known.size >= MOST_REMEMBERED) known = new Map()
    known.set(key, { result })
    return result
  }
}
