import fc from 'fast-check'
import { expect, test } from 'vitest'
import { divideHalfUp, nanoUsd } from '../../db/units/money.ts'
import { sizeNamed } from '../catalogue/catalogue.ts'
import { type Chosen, isWhole, METHOD, METHODS, type Node, type Shares, shareOf, split } from './methods.ts'

const P3: Node = { gpuCount: 8, vcpuCount: 64, memoryGib: 488 }
const HOUR = nanoUsd(110_000_000_000n)
const OWN: Chosen = { method: 'custom', shares: { gpu: '0.8', cpu: '0.15', memory: '0.05' } }
const CHOICES: Chosen[] = METHODS.map((method) => (method === 'custom' ? OWN : { method, shares: null }))
const chosen = (method: string) => CHOICES.find((one) => one.method === method) as Chosen
const partsOf = (whole: bigint, node: Node, choice: Chosen) => {
  const parts = split(nanoUsd(whole), node, choice)
  if (!parts) throw new Error('not split')
  return [parts.gpuNanoUsd, parts.cpuNanoUsd, parts.memoryNanoUsd] as const
}

/** "40.36": n ÷ d to that many places. */
function decimal(n: bigint, d: bigint, places: number): string {
  const text = String(divideHalfUp(n * 10n ** BigInt(places), d)).padStart(places + 1, '0')
  return `${text.slice(0, -places)}.${text.slice(-places)}`
}

// 8 GPUs, 64 vCPUs, 488 GiB at $110 an hour.
// aws-scad: 72 of 72 + 57.6 + 48.8 = 178.4; opencost: 7.6 of 7.6 + 2.023104 + 2.067656 = 11.69076.
test.each([
  ['aws-scad', '40.36', '5.549', '32.29', '27.35'],
  ['opencost', '65.01', '8.939', '17.31', '17.69'],
  ['grafana-70', '70.00', '9.625', '19.50', '10.50'],
  ['datadog-95', '95.00', '13.063', '3.00', '2.00'],
  ['all-gpu', '100.00', '13.750', '0.00', '0.00'],
  ['custom', '80.00', '11.000', '15.00', '5.00'],
])('a p3.16xlarge at $110 by %s: the GPUs have %s %%, $%s an hour each', (method, gpuShare, gpuHour, cpu, memory) => {
  const parts = partsOf(HOUR, P3, chosen(method))
  expect(parts.map((part) => decimal(part * 100n, HOUR, 2))).toEqual([gpuShare, cpu, memory])
  expect(decimal(parts[0], 8n * 10n ** 9n, 3)).toBe(gpuHour)
  expect(parts[0] + parts[1] + parts[2]).toBe(HOUR)
})

test('the catalogue’s own p3.16xlarge is that node', () => {
  expect(sizeNamed('aws', 'p3.16xlarge')).toMatchObject(P3)
})

test('to the nano-dollar: the parts by opencost and by aws-scad', () => {
  // 110e9 × 7.6 / 11.69076 = 71509465595.051 …; with 2.023104: 90545134790.210 …
  expect(partsOf(HOUR, P3, chosen('opencost'))).toEqual([71_509_465_595n, 19_035_669_195n, 19_454_865_210n])
  // 110e9 × 72 / 178.4 = 44394618834.080 …; with 57.6: 79910313901.345 …
  expect(partsOf(HOUR, P3, chosen('aws-scad'))).toEqual([44_394_618_834n, 35_515_695_067n, 30_089_686_099n])
})

const money = fc.bigInt(-(2n ** 63n) + 1n, 2n ** 63n - 1n)
const units = fc.oneof(
  fc.integer({ min: 1, max: 4096 }),
  fc.integer({ min: 1, max: 16_000 }).map((quarter) => quarter / 4),
)
const node = fc.record({
  gpuCount: fc.constantFrom(1 / 8, 1 / 6, 1 / 3, 1 / 2, 1, 2, 4, 8, 16),
  vcpuCount: units,
  memoryGib: units,
})
const choice = fc.oneof(
  fc.constantFrom(...CHOICES),
  fc
    .tuple(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 0, max: 1_000_000_000 }))
    .map(([a, b]): Chosen => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const text = (share: number) => `${Math.floor(share / 1e9)}.${String(share % 1e9).padStart(9, '0')}`
      return { method: 'custom', shares: { gpu: text(low), cpu: text(high - low), memory: text(1_000_000_000 - high) } }
    }),
)

test('whatever the node, the method and the cost: the parts sum to the whole, and none is beyond it or against it', () => {
  fc.assert(
    fc.property(money, node, choice, (whole, of, by) => {
      const parts = partsOf(whole, of, by)
      expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(whole)
      for (const part of parts)
        expect(whole < 0n ? part <= 0n && part >= whole : part >= 0n && part <= whole).toBe(true)
    }),
    { numRuns: 5_000 },
  )
})

test('a larger cost never gives the GPUs less, nor GPUs and CPUs together', () => {
  fc.assert(
    fc.property(money, fc.bigInt(0n, 10n ** 12n), node, choice, (whole, more, of, by) => {
      const [less, greater] = [whole, whole + more < 2n ** 63n ? whole + more : whole]
      const [small, large] = [partsOf(less, of, by), partsOf(greater, of, by)]
      expect(large[0] >= small[0]).toBe(true)
      expect(large[0] + large[1] >= small[0] + small[1]).toBe(true)
    }),
  )
})

test('more GPUs never cost less, more vCPUs or memory never make the GPUs dearer', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 10n ** 15n), node, fc.integer({ min: 1, max: 64 }), choice, (whole, of, more, by) => {
      const gpu = (changed: Partial<Node>) => partsOf(whole, { ...of, ...changed }, by)[0]
      expect(gpu({ gpuCount: of.gpuCount + more }) >= gpu({})).toBe(true)
      expect(gpu({ vcpuCount: of.vcpuCount + more }) <= gpu({})).toBe(true)
      expect(gpu({ memoryGib: of.memoryGib + more }) <= gpu({})).toBe(true)
    }),
  )
})

test('what is not known of a node is not guessed: methods that ask for it do not split', () => {
  for (const unknown of [{ vcpuCount: null }, { memoryGib: null }])
    for (const by of CHOICES)
      expect([by.method, split(HOUR, { ...P3, ...unknown }, by) === null]).toEqual([
        by.method,
        METHOD[by.method].needsSpecs,
      ])
})

test('a third of a GPU is a third: six of them weigh as much as two', () => {
  const sixth = partsOf(HOUR, { gpuCount: 1 / 3, vcpuCount: 12, memoryGib: 110 }, chosen('opencost'))
  const two = partsOf(HOUR, { gpuCount: 2, vcpuCount: 72, memoryGib: 660 }, chosen('opencost'))
  expect(sixth).toEqual(two)
})

test('shares are decimals from 0 to 1 that sum to exactly 1', () => {
  expect(['0.8', '1', '0', '0.000000001', '1.00'].map(shareOf)).toEqual([
    800_000_000n,
    1_000_000_000n,
    0n,
    1n,
    1_000_000_000n,
  ])
  for (const text of ['', '-0.1', '1.1', '0,8', '80%', '.5', '0.0000000001', '1e-1', 'NaN'])
    expect(shareOf(text)).toBeNull()
  const shares = (gpu: string, cpu: string, memory: string): Shares => ({ gpu, cpu, memory })
  expect(isWhole(shares('0.8', '0.15', '0.05'))).toBe(true)
  expect(isWhole(shares('0.333333333', '0.333333333', '0.333333334'))).toBe(true)
  expect(isWhole(shares('0.333333333', '0.333333333', '0.333333333'))).toBe(false)
  expect(isWhole(shares('1', '0.1', '-0.1'))).toBe(false)
})

test('every method says its name, version, formula and source', () => {
  expect(Object.keys(METHOD).sort()).toEqual([...METHODS].sort())
  for (const name of METHODS) {
    const { version, formula, source, title } = METHOD[name]
    expect([name, METHOD[name].name, version >= 1, title !== '', formula.length > 20, source.length > 10]).toEqual([
      ...[name, name, true, true, true, true],
    ])
  }
})
