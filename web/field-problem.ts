import { failureOf } from './api.ts'

/** What a failed call says about one field, as a sentence: "password: must have …" → "Must have …"; undefined for nothing. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!error) return undefined
  const line = failureOf(error).details.find((detail) => isAbout(detail, field))
  const words = line?.slice(line.indexOf(': ') + 2)
  return words && words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** Whether all that a failed call says is about these fields, so that nothing is left to say below the form. */
export function isToldAtFields(error: unknown, fields: readonly string[]): boolean {
  if (!error) return false
  const { details } = failureOf(error)
  return details.length > 0 && details.every((detail) => fields.some((field) => isAbout(detail, field)))
}

/** An entry of a list is named by its place: "models -> 0: must …". */
function isAbout(detail: string, field: string): boolean {
  return detail.startsWith(`${field}: `) || detail.startsWith(`${field} -> `)
}
