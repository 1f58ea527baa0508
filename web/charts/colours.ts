import { theme } from '../theme.ts'
import type { ColourName } from './palette.ts'

export type TokenName = ColourName | 'text' | 'muted' | 'line' | 'surface' | 'accent'

/**
 * Design tokens as the colours they are right now, "rgb(…)", for SVG that cannot read tokens. Reading the theme makes
 * the caller follow it. A probe resolves light-dark(), which a custom property would hand out as it is written.
 */
export function resolveColours(names: readonly TokenName[]): string[] {
  theme()
  const probe = document.createElement('span')
  document.body.append(probe)
  const colours = names.map((name) => {
    probe.style.color = `var(--${name})`
    return plain(getComputedStyle(probe).color)
  })
  probe.remove()
  return colours
}

export function resolveColour(name: TokenName): string {
  return resolveColours([name])[0]!
}

/** "color(srgb 0.5 0.25 1)", which a browser makes of a mixed colour, as "rgb(128, 64, 255)": other programs read an exported drawing. */
function plain(colour: string): string {
  const mixed = /^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)\)$/.exec(colour)
  return mixed
    ? `rgb(${mixed
        .slice(1)
        .map((part) => Math.round(Number(part) * 255))
        .join(', ')})`
    : colour
}
