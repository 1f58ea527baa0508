import { createSignal } from 'solid-js'

/** What the palette shows first: everything in its order, or the kept views. */
export type PaletteStart = 'all' | 'views'

const [asked, setAsked] = createSignal<{ start: PaletteStart }>()

/** That somebody wants the palette from elsewhere than its button; another object for each time. */
export const paletteAsked = asked

/** Opens the palette as its button does, once a drawer that the same click closes has given the focus back. */
export function openPalette(start: PaletteStart): void {
  setTimeout(() => setTimeout(() => setAsked({ start })))
}
