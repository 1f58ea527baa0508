/**
 * Remembers where the reader is; the answer puts it right. What has the focus, if it has gone with the old rows, is given it
 * back: the same kind of control with the same name, the first of them. And the page does not become shorter for a moment
 * while rows are changed, which would scroll who is at its end.
 */
export function keepPlace(): () => void {
  const giveFocusBack = keepFocus()
  const page = document.querySelector('main')
  if (page) page.style.minHeight = `${page.offsetHeight}px`
  return () => {
    giveFocusBack()
    if (page) requestAnimationFrame(() => page.style.removeProperty('min-height'))
  }
}

function keepFocus(): () => void {
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
