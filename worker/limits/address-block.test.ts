import { expect, test } from 'vitest'
import { addressBlock } from './address-block.ts'

test('an IPv4 address is itself, however it is written', () => {
  expect(addressBlock('192.0.2.7')).toBe('192.0.2.7')
  expect(addressBlock('::ffff:192.0.2.7')).toBe('192.0.2.7')
})

test('an IPv6 address counts as its /64, so that nobody has 2^64 of them', () => {
  const blocks = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:0001:0002::'].map(addressBlock)
  expect(new Set(blocks)).toEqual(new Set(['2001:db8:1:2::/64']))
  expect(addressBlock('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
  expect(addressBlock('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
})

test('what is no address is taken as it is', () => {
  expect(addressBlock('')).toBe('')
  expect(addressBlock('unknown')).toBe('unknown')
})
