import { expect, test } from 'vitest'
import { milliOfMig, milliOfReplica, sliceNamed } from './gpu-parts.ts'
import { jobsCsv } from './jobs-csv.ts'
import { NOTHING_SAID } from './testing.ts'

test.each([
  ['1g.5gb', '', 142],
  ['2g.10gb', '', 285],
  ['3g.20gb', '', 428],
  ['4g.20gb', '', 571],
  ['7g.40gb', '', 1000],
  [' 1G.10GB ', '', 142],
  ['1g.10gb+me', '', 142],
  ['1c.3g.40gb', '', 142],
  // An A30 has four slices.
  ['1g.6gb', '', 250],
  ['2g.12gb', '', 500],
  ['4g.24gb', '', 1000],
  ['1g.24gb', 'rtx-pro-6000', 250],
  ['1g.24gb', 'h100', 142],
  ['8g.80gb', '', null],
  ['a100', '', null],
  ['', '', null],
])('%s of a GPU "%s" is %d thousandths', (profile, gpuType, milli) => {
  expect(milliOfMig(profile, gpuType)).toBe(milli)
})

test('slices that fill a GPU, and all who share it by turns, are never more than it', () => {
  for (const profiles of [Array(7).fill('1g.5gb'), ['3g.20gb', '3g.20gb', '1g.5gb'], ['4g.20gb', '2g.10gb', '1g.5gb']])
    expect(profiles.reduce((sum, profile) => sum + (milliOfMig(profile) ?? 0), 0)).toBeLessThanOrEqual(1000)
  for (let replicas = 1; replicas <= 999; replicas += 1)
    expect((milliOfReplica(`${replicas}`) ?? 0) * replicas).toBeLessThanOrEqual(1000)
  expect(['0', '-1', '1.5', '1000', 'x'].map((text) => milliOfReplica(text))).toEqual(Array(5).fill(null))
})

test('a name of a slice is taken apart where it says its GPU', () => {
  expect(sliceNamed('a100_1g.5gb')).toEqual({ gpu: 'a100', profile: '1g.5gb' })
  expect(sliceNamed('nvidia_a100-sxm4-40gb_1g.5gb')).toEqual({ gpu: 'nvidia_a100-sxm4-40gb', profile: '1g.5gb' })
  expect(sliceNamed('1g.5gb')).toBeNull()
  expect(sliceNamed('a100-80gb')).toBeNull()
})

const HEADER =
  'job_id,team_name,provider,gpu_type,start_time,end_time,status,gpu_count,gpu_milli,mig_profile,gpu_replicas'
const TIMES = '2026-02-01T10:00:00Z,2026-02-01T11:00:00Z,completed'

function rowOf(parts: string) {
  const reader = jobsCsv.open(NOTHING_SAID)
  return [...reader.push(`${HEADER}\na,t,aws,a100,${TIMES},${parts}\n`), ...reader.end()][0]
}

test.each([
  [',,,', 1000],
  ['1.001,,,', 1001],
  ['1,460,,', 460],
  ['8,1000,,', 8000],
  [',250,,', 250],
  ['2,,1g.10gb,', 284],
  [',,7g.40gb,', 1000],
  [',,,4', 250],
  ['2,,,3', 666],
  [',,1g.10gb,2', 71],
  ['0,0,,', 0],
])('a row with gpu_count, gpu_milli, mig_profile, gpu_replicas %s holds %d thousandths', (parts, gpuMilli) => {
  expect(rowOf(parts)).toMatchObject({ kind: 'job', gpuMilli })
})

test.each([
  [',1001,,', 'gpu_milli'],
  [',0.5,,', 'gpu_milli'],
  [',460,1g.10gb,', 'gpu_milli'],
  [',,9g.80gb,', 'mig_profile'],
  [',,,0', 'gpu_replicas'],
  ['0.5,,,2', 'gpu_count'],
])('a row with %s is refused for its %s', (parts, column) => {
  expect(rowOf(parts)).toMatchObject({ kind: 'refused', column })
})
