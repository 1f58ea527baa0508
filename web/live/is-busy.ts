const OPEN =
  'dialog[open], [role="dialog"], [role="alertdialog"], [role="menu"], .popover, [aria-expanded="true"][role="combobox"]'
/** After the last key or press. */
const CALM_MS = 1_000

/**
 * Watches whether the reader is in the middle of something that a new figure would disturb: a dialog or a menu is open, a
 * button of the mouse is down, text is selected in a field or being typed. Call `stop` in the end.
 */
export function watchBusy(): { isBusy: () => boolean; stop: () => void } {
  let isDown = false
  let lastMs = Number.NEGATIVE_INFINITY
  const onDown = () => {
    isDown = true
  }
  const onUp = () => {
    isDown = false
    lastMs = performance.now()
  }
  const onKey = () => {
    lastMs = performance.now()
  }
  const events = [
    ['pointerdown', onDown],
    ['pointerup', onUp],
    ['pointercancel', onUp],
    ['keydown', onKey],
  ] as const
  for (const [name, listener] of events) document.addEventListener(name, listener, { capture: true, passive: true })
  return {
    isBusy: () => isDown || performance.now() - lastMs < CALM_MS || document.querySelector(OPEN) !== null,
    stop: () => {
      for (const [name, listener] of events) document.removeEventListener(name, listener, { capture: true })
    },
  }
}
