const TABBABLE = 'a[href], button, input:not([type=hidden]), select, textarea, [tabindex]:not([tabindex="-1"])'

/** A modal dialog that is open. `onEscape` is called for each Escape while no other is above it. */
type Open = { dialog: HTMLDialogElement; onEscape: () => void }

/** Those that are open, the uppermost last. */
const stack: Open[] = []
let stopWatching = () => {}

/**
 * Makes a dialog the one that hears the keyboard: Tab goes round in it, and Escape is its own wherever the focus is, since
 * browsers ask nobody once the focus has left the page. Answers what ends that and gives the focus back to where it was.
 */
export function holdFocus(dialog: HTMLDialogElement, onEscape: () => void): () => void {
  stopWatching()
  const opener = document.activeElement
  const own: Open = { dialog, onEscape }
  if (stack.length === 0) document.addEventListener('keydown', hearKey, true)
  stack.push(own)
  return () => {
    stack.splice(stack.indexOf(own), 1)
    if (stack.length === 0) document.removeEventListener('keydown', hearKey, true)
    giveBack(opener)
  }
}

function hearKey(event: KeyboardEvent): void {
  const top = stack.at(-1)
  if (!top || event.isComposing) return
  if (event.key === 'Escape') {
    event.preventDefault() // else the browser closes a locked one at the second in a row
    top.onEscape()
  } else if (event.key === 'Tab') goRound(top.dialog, event)
}

function goRound(dialog: HTMLDialogElement, event: KeyboardEvent): void {
  const stops = [...dialog.querySelectorAll<HTMLElement>(TABBABLE)].filter(
    (one) => !one.matches(':disabled') && one.getClientRects().length > 0,
  )
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]]
  const now = document.activeElement
  if (now && now !== from && dialog.contains(now) && now !== dialog) return
  event.preventDefault()
  to?.focus()
}

/** The focus goes to who opened the dialog. If that leaves the page, now or with the next answers, to the heading. */
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
  const heading = (stack.at(-1)?.dialog ?? document).querySelector<HTMLElement>('h1, h2')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
}
