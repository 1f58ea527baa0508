import { failureOf } from './api.ts'

/** What a failed call says about one field, as a sentence: "password: must have …" → "Must have …"; undefined for nothing. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!error) return undefined
  const line = failureOf(error).details.find((detail) => detail.startsWith(`${field}: `))
  const words = line?.slice(field.length + 2)
  return words && words.slice(0, 1).toUpperCase() + words.slice(1)
}
