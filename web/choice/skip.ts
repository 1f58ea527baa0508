/** How many rows of a list to leave out, from an address; anything but a plain count is 0. */
export function readSkip(text: string | undefined): number {
  return /^\d{1,7}$/.test(text ?? '') ? Number(text) : 0
}
