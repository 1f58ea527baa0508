import { addDays, type Window } from '../../db/units/time.ts'

/** The address of a page of the dashboard with its days and filters, as the page writes it itself. */
export function doorTo(
  path: string,
  window: Window | null,
  filters: Readonly<Record<string, string | readonly string[] | null | undefined>> = {},
): string {
  const params = new URLSearchParams(window ? { start: window.from, end: addDays(window.before, -1) } : {})
  for (const [name, value] of Object.entries(filters)) for (const one of [value ?? []].flat()) params.append(name, one)
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}
