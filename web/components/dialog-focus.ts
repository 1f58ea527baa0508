let stopWatching = () => {}

/**
 * Where the focus is before a dialog takes it. Answers what gives it back: to who opened the dialog; if that leaves the
 * page, now or with the next answers, to the heading.
 */
export function rememberFocus(): () => void {
  stopWatching()
  const opener = document.activeElement
  return () => giveBack(opener)
}

/** Gives the focus to the first field or button of a box, or to the box; nothing if the focus is in it already. */
export function focusFirst(box: HTMLElement): void {
  if (box.contains(document.activeElement)) return
  // What cannot have the focus, such as something disabled or hidden, does not take it.
  for (const one of box.querySelectorAll<HTMLElement>('input, select, textarea, button, a[href]')) {
    one.focus({ preventScroll: true })
    if (document.activeElement === one) return
  }
  box.focus({ preventScroll: true })
}

function giveBack(opener: Element | null): void {
  stopWatching()
  const isThere = () => opener instanceof HTMLElement && opener !== document.body && opener.isConnected
  if (isThere()) (opener as HTMLElement).focus()
  if (document.activeElement === document.body) focusHeading()
  const watch = new MutationObserver(() => {
    if (document.activeElement === document.body) focusHeading()
  })
  // Whoever goes on by hand decides where the focus is.
  const events = ['keydown', 'pointerdown'] as const
  stopWatching = () => {
    watch.disconnect()
    for (const name of events) document.removeEventListener(name, stopWatching, true)
  }
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  for (const name of events) document.addEventListener(name, stopWatching, true)
}

function focusHeading(): void {
  const uppermost = [...document.querySelectorAll('.dialog')].at(-1) ?? document
  const heading = uppermost.querySelector<HTMLElement>('h1, h2')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
