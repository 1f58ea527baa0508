import { expect, test } from 'vitest'
import { readUsd } from '../../db/units/money.ts'
import { parseDay } from '../../db/units/time.ts'
import { catalogued, familyGpu, SHEETS, SIZES, sizeKey, sizeNamed } from './catalogue.ts'

test('every sheet names its source and its day, and is small enough to be shipped', () => {
  for (const { provider, source, asOf, region } of SHEETS)
    expect([provider, source.length > 20, parseDay(asOf), region !== '']).toEqual([provider, true, asOf, true])
  expect(SHEETS.reduce((sum, { sizes }) => sum + sizes.length, 0)).toBeLessThan(60_000)
  expect(SIZES.length).toBeGreaterThan(200)
})

test('every size has a type, GPUs above zero, memory, and a price above zero or none: unknown is not free', () => {
  for (const { name, gpuType, gpuCount, gpuMemoryGb, usdPerHour } of SIZES) {
    expect([name, gpuType]).toEqual([name, expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/)])
    expect([name, gpuCount > 0 && gpuCount <= 16, gpuMemoryGb > 0]).toEqual([name, true, true])
    if (usdPerHour !== null) expect([name, (readUsd(usdPerHour)?.digits ?? 0n) > 0n]).toEqual([name, true])
  }
})

test('vCPUs and memory are said together or not at all, by a source with its day, and are those of a machine', () => {
  for (const { provider, specs, sizes } of SHEETS) {
    const hasSpecs = sizes.split('\n').some((line) => /^[^#].* \d+ [\d.]+$/.test(line) && line.split(' ').length === 5)
    expect([provider, specs !== null && parseDay(specs.asOf) === specs.asOf && specs.source.length > 20]).toEqual([
      ...[provider, hasSpecs],
    ])
    for (const line of sizes.trim().split('\n'))
      expect([line, line.startsWith('#') ? 3 : line.split(' ').length === 5 ? 5 : 3]).toEqual([
        line,
        line.split(' ').length,
      ])
  }
  const known = SIZES.filter(({ vcpuCount }) => vcpuCount !== null)
  expect(known.length).toBeGreaterThan(170)
  for (const { name, vcpuCount, memoryGib, gpuCount } of known) {
    expect([name, (vcpuCount ?? 0) >= gpuCount, (vcpuCount ?? 0) <= 400]).toEqual([name, true, true])
    expect([name, (memoryGib ?? 0) / (vcpuCount ?? 1) >= 1, (memoryGib ?? 0) / (vcpuCount ?? 1) <= 32]).toEqual([
      ...[name, true, true],
    ])
  }
})

test('known machines: what their providers say', () => {
  const specs = (provider: string, name: string) => {
    const size = sizeNamed(provider, name)
    return [size?.gpuCount, size?.vcpuCount, size?.memoryGib]
  }
  expect(specs('aws', 'p3.16xlarge')).toEqual([8, 64, 488])
  expect(specs('aws', 'ml.p5.48xlarge')).toEqual([8, 192, 2048])
  expect(specs('azure', 'Standard_ND96isr_H100_v5')).toEqual([8, 96, 1900])
  expect(specs('azure', 'NV12ads_A10_v5')).toEqual([1 / 3, 12, 110])
  expect(specs('gcp', 'a3-highgpu-8g')).toEqual([8, 208, 1872])
  expect(specs('nebius', 'gpu-h100-sxm_8gpu-128vcpu-1600gb')).toEqual([8, 128, 1600])
  expect(specs('coreweave', 'b200-8x')).toEqual([8, null, null])
})

test('no provider has two sizes of one name, and none of another provider’s name is told apart by letters alone', () => {
  const keys = SIZES.map(({ provider, name }) => `${provider} ${sizeKey(name)}`)
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
})

test('a family is one kind of GPU', () => {
  for (const { provider, name, gpuType } of SIZES)
    if (provider === 'aws') expect([name, familyGpu(name.slice(0, name.indexOf('.')))]).toEqual([name, gpuType])
})

test('known prices: what the sources say', () => {
  const price = (provider: string, name: string) => sizeNamed(provider, name)?.usdPerHour
  expect(price('aws', 'p5.48xlarge')).toBe('55.04')
  expect(price('azure', 'Standard_ND96isr_H100_v5')).toBe('98.32')
  expect(price('gcp', 'a2-highgpu-1g')).toBe('3.673385')
  expect(price('oci', 'BM.GPU.H100.8')).toBe('80')
  expect(price('aws', 'p5e.48xlarge')).toBeNull()
})

test('a provider is known by the names that bills give it', () => {
  const names = [
    'aws',
    'amazon web services',
    'microsoft',
    'azure',
    'google cloud',
    'gcp',
    'oracle',
    'lambda labs',
    'acme',
  ]
  expect(names.map(catalogued)).toEqual(['aws', 'aws', 'azure', 'azure', 'gcp', 'gcp', 'oci', 'lambda', null])
})
