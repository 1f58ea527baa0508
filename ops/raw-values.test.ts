import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rawValues, rawValuesIn } from './raw-values.ts'

test('what has a token is said by it in every style', () => {
  expect(rawValues(join(import.meta.dirname, '../web/styles'))).toEqual([])
})

test('a raw colour, layer, weight, radius or duration is told with its line', () => {
  const css = `.a {
  color: #1a2b3c;
  background: rgb(0 0 0 / 50%);
  z-index: 30;
  font-weight: 620;
  font: 400 1rem serif;
  border-radius: 3px;
  border-top-left-radius: 50%;
  animation: turn 1s linear;
  transition: opacity var(--fast), color 200ms;
}`
  expect(rawValuesIn(css).map((line) => line.split(',')[0])).toEqual([
    '2: a raw colour',
    '3: a raw colour',
    '4: a raw layer',
    '5: a raw font weight',
    '6: a raw font weight',
    '7: a raw radius',
    '8: a raw radius',
    '9: a raw duration',
    '10: a raw duration',
  ])
})

test('tokens, what follows from them, and what has none are no raw values', () => {
  const css = `#main { z-index: var(--layer-dialog); font-weight: inherit; border-radius: calc(var(--radius) + 4px); }
.b { border-radius: 0; animation: turn var(--beat) linear; color: var(--text); margin: 3px; }`
  expect(rawValuesIn(css)).toEqual([])
})
