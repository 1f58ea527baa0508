import type { ZodError } from 'zod'
import './input-words.ts' // zod's own words are for programmers

/** What zod found wrong, one line per field in the names of REST: "cost_data -> 0 -> cost_usd: …". The page says the same. */
export function inputProblems(error: Pick<ZodError, 'issues'>): string[] {
  return error.issues.map(({ path, message }) => {
    const place = path.map((part) => String(part).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    return place.length > 0 ? `${place.join(' -> ')}: ${message}` : message
  })
}
