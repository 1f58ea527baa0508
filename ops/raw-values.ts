import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What has a name in the tokens, and what it looks like without. */
const RAW: readonly (readonly [what: string, RegExp])[] = [
  ['colour', /#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/i],
  ['layer', /\bz-index:\s*-?\d/],
  ['font weight', /\bfont-weight:\s*(?:\d|bold)|\bfont:\s*\d{3}\b/],
  ['radius', /\bborder(?:-\w+)*-radius:\s*[1-9.]/],
  ['duration', /\b(?:transition|animation)[\w-]*:[^;]*\s[\d.]+m?s\b/],
]
/** The one file that says them. */
const TOKENS = 'tokens.css'

/** Colours, layers, weights, radii and durations in the styles of a folder that no token says: a line each, with its place. */
export function rawValues(styles: string): string[] {
  return readdirSync(styles)
    .filter((file) => file.endsWith('.css') && file !== TOKENS)
    .flatMap((file) => rawValuesIn(readFileSync(join(styles, file), 'utf8')).map((words) => `${file}:${words}`))
}

/** The same of one file: "12: a raw layer, z-index: 30". */
export function rawValuesIn(css: string): string[] {
  return css.split('\n').flatMap((line, at) => {
    const what = RAW.find(([, raw]) => raw.test(line))?.[0]
    return what ? [`${at + 1}: a raw ${what}, ${line.trim().replace(/;$/, '')}`] : []
  })
}
