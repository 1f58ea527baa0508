import { theme } from '../theme.ts'
import type { ColourName } from './palette.ts'

export type TokenName = ColourName | 'text' | 'muted' | 'line' | 'surface'

/**
 * Design tokens as the colours they are right now, for SVG that cannot read tokens. Reading the theme makes the
 * caller follow it. A probe resolves light-dark(), which a custom property would hand out as it is written.
 */
export function resolveColours(names: readonly TokenName[]): string[] {
  theme()
  const probe = document.createElement('span')
  document.body.append(probe)
  const colours = names.map((name) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  })
  probe.remove()
  return colours
}

export function resolveColour(name: TokenName): string {
  return resolveColours([name])[0]!
}
