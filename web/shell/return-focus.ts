/**
 * Where the focus goes when a box over the page closes: back to where it was, or, after `leave`, nowhere, since the
 * heading of the next page takes it. Its two handlers are the box's.
 */
export function returnFocus() {
  let opener: Element | null = null
  let isLeaving = false
  return {
    leave: (): void => {
      isLeaving = true
    },
    onOpenAutoFocus: (): void => {
      opener = document.activeElement
      isLeaving = false
    },
    onCloseAutoFocus: (event: Event): void => {
      event.preventDefault() // the library knows no opener that is not its own
      if (!isLeaving && opener instanceof HTMLElement) opener.focus()
    },
  }
}
