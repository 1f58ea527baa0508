import { failureOf, Refusal, statusOf } from './api.ts'

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

/** A failed call without what it says about these fields, since they were mended; null where nothing is left to say. */
export function withoutFields(error: unknown, fields: readonly string[]): unknown {
  const failure = failureOf(error)
  const details = failure.details.filter((detail) => !fields.some((field) => isAbout(detail, field)))
  if (details.length === failure.details.length) return error
  return details.length === 0 ? null : new Refusal(statusOf(error) ?? 400, { ...failure, details })
}
