import { expect, test } from 'vitest'
import { deviceName } from './device.ts'

test('a browser is called by its name and its system', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0')).toBe('Firefox on Linux')
  const edge =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36'
  expect(deviceName(`${edge} Edg/141.0`)).toBe('Microsoft Edge on Windows')
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Mobile Safari/604.1')).toBe(
    'Safari on iOS',
  )
})

test('another program is called what it calls itself, cut where it goes on and on', () => {
  expect(deviceName('curl/8.5.0')).toBe('curl/8.5.0')
  expect(deviceName('x'.repeat(200))).toBe(`${'x'.repeat(60)}…`)
  expect(deviceName('')).toBe('Unknown device')
})
