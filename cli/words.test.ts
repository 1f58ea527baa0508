import { expect, test } from 'vitest'
import { progressLine, size } from './progress.mjs'
import { BrokenConnection } from './request.mjs'
import { plain, refusal, unreachable } from './words.mjs'

const URL_ = new URL('https://heliox.example/')

test('progress: share, bytes, rate and what is left; bytes and rate alone where the length is not known', () => {
  expect(progressLine(4_000_000, 10_000_000, 2, false)).toBe(
    '[##########              ]  40%  4.0 MB of 10.0 MB  2.0 MB/s  3 s left',
  )
  expect(progressLine(0, 10, 0, false)).toBe('[                        ]   0%  0 B of 10 B  0 B/s')
  expect(progressLine(1_500, null, 1, false)).toBe('1.5 kB  1.5 kB/s')
  expect(progressLine(12, 10, 1, false)).toContain('100%') // it has grown meanwhile
  expect(progressLine(1_500, null, 1, true, 12)).toBe('1.5 kB sent; Heliox is storing it, 12 rows so far …')
  expect(progressLine(1_500, null, 1, true, 12, '3.50')).toContain('12 rows and 3.50 USD so far …')
  expect([size(0), size(999), size(999_960), size(1e9)]).toEqual(['0 B', '999 B', '1.0 MB', '1.0 GB'])
})

test('what a file or a server has put into words cannot speak to the terminal', () => {
  expect(plain('a\x1b[31mb\r\n\u202ec\u009b')).toBe('a [31mb   c ')
  const said = refusal(URL_, 400, { error: { message: '\x1b]0;x\x07', details: ['\x1b[2J'] } }, '')
  expect(said).not.toContain('\x1b')
})

test('each refusal is a sentence that says what to do', () => {
  const error = (message: string) => ({ error: { message }, request_id: 'r1' })
  expect(refusal(URL_, 429, error('Too many requests'), '12')).toBe('Too many requests. Try again in 12 s')
  expect(refusal(URL_, 413, null, '')).toContain('--gzip')
  expect(refusal(URL_, 502, null, '')).toContain('try again')
  expect(refusal(URL_, 500, error('Something broke'), '')).toBe('Something broke (request r1)')
  expect(refusal(URL_, 409, error('Another bill is stored'), '')).toBe('Another bill is stored')
  expect(refusal(URL_, 404, null, '')).toContain('is not Heliox')
})

test('each way of not being reached too', () => {
  const broken = (code: string, hasBegun = false) =>
    unreachable(URL_, new BrokenConnection(Object.assign(new Error('why'), { code }), hasBegun))
  expect(broken('ENOTFOUND')).toContain('There is no heliox.example')
  expect(broken('DEPTH_ZERO_SELF_SIGNED_CERT')).toContain('not trusted')
  expect(broken('EPROTO')).toContain('http://heliox.example')
  expect(broken('ECONNRESET', true)).toContain('changes nothing')
  expect(broken('ECONNRESET')).toContain('closed the connection')
})
