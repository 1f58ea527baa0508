/**
 * Remembers what has the focus; the answer gives it to what now stands for it, if it has gone with the old rows: the same
 * kind of control with the same name, the first of them. Scrolls nothing.
 */
export function keepFocus(): () => void {
  const held = document.activeElement
  if (!(held instanceof HTMLElement) || held === document.body) return () => {}
  const name = nameOf(held)
  return () => {
    if (held.isConnected || (document.activeElement && document.activeElement !== document.body)) return
    const alike = [...document.querySelectorAll<HTMLElement>(held.tagName)].find((one) => nameOf(one) === name)
    alike?.focus({ preventScroll: true })
  }
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute('aria-label') ?? element.textContent ?? ''
}
