type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The row that a key leads to from row `at` of `total`; null for a key that leads to none. `page`: rows of a screen. */
export function moveByKey(event: Pressed, at: number, total: number, page: number): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || total === 0) return null
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: total - 1,
  }
  const next = steps[event.key]
  return next === undefined ? null : Math.min(total - 1, Math.max(0, next))
}
