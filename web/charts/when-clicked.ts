/** So far a finger or a hand may slip, in pixels, and still mean a click. */
const SLIP = 6

/**
 * The library says that a bar was hit when the button goes down: this waits until it comes up again near by, since
 * otherwise it was the beginning of a drag.
 */
export function whenClicked(down: unknown, act: () => void): void {
  if (!(down instanceof MouseEvent)) {
    act()
    return
  }
  const onUp = (up: MouseEvent) => {
    if (Math.abs(up.clientX - down.clientX) <= SLIP && Math.abs(up.clientY - down.clientY) <= SLIP) act()
  }
  window.addEventListener('mouseup', onUp, { once: true })
}
