import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addExact, type ExactUsd, exactText, readUsd, ZERO_EXACT } from '../../../db/units/money.ts'
import { type EpochMs, parseInstant } from '../../../db/units/time.ts'
import { startHeliox } from '../../testing.ts'
import type { CostDraft, JobDraft, ReadOptions, Row } from './importer.ts'
import { opencostJson } from './opencost-json.ts'
import { amountOverParts, dayParts } from './over-days.ts'
import { NOTHING_SAID } from './testing.ts'

const DAY = { start: '2026-02-01T00:00:00Z', end: '2026-02-02T00:00:00Z' }

function read(text: string, options: Partial<ReadOptions> = {}): Row[] {
  const reader = opencostJson.open({ ...NOTHING_SAID, ...options })
  return [...reader.push(text), ...reader.end()]
}
const one = (name: string, more: object, window = DAY) => ({
  [name]: { name, properties: { cluster: 'prod', namespace: 'ml' }, window, ...window, totalCost: 1, ...more },
})
const answer = (...maps: object[]) => JSON.stringify({ code: 200, data: maps })
const costs = (rows: Row[]) => rows.filter((row): row is CostDraft => row.kind === 'cost')
const jobs = (rows: Row[]) => rows.filter((row): row is JobDraft => row.kind === 'job')
const usd = (rows: Row[]) => exactText(costs(rows).reduce((sum, { billed }) => addExact(sum, billed), ZERO_EXACT))
const held = (job: JobDraft | undefined) =>
  job ? (job.gpuMilli * ((job.endedAtMs ?? 0) - (job.startedAtMs ?? 0))) / 1_000_000 : null

test('an allocation is its GPUs’ cost on their pool, the rest beside it, and a job of the label’s team', () => {
  const rows = read(
    answer(
      one('prod/n1/ml/p1/c', {
        ...{ gpuHours: 192, gpuCost: 480.5, gpuCostAdjustment: -30.25, cpuCost: 12.25, totalCost: 466.125 },
        gpuAllocation: { gpuDevice: 'nvidia0', gpuModel: 'NVIDIA A100-SXM4-80GB' },
        properties: {
          ...{ cluster: 'prod', namespace: 'ml', controllerKind: 'statefulset', controller: 'llama', pod: 'p1' },
          labels: { team: 'Inference', app: 'x' },
        },
      }),
    ),
  )
  expect(costs(rows)).toMatchObject([
    {
      ...{
        gpuType: 'a100',
        provider: 'prod',
        entryDate: '2026-02-01',
        capacityGpuSeconds: 192 * 3600,
        currency: 'USD',
      },
      ...{ billingAccount: 'prod', account: 'ml', billingPeriod: '2026-02-01', service: 'Kubernetes' },
      ...{ item: 'statefulset/llama', tags: '{"app":"x","team":"Inference"}', region: '' },
    },
    { gpuType: '', capacityGpuSeconds: null, usageSeconds: null },
  ])
  expect(costs(rows).map(({ billed }) => exactText(billed))).toEqual(['450.25', '15.875'])
  expect(jobs(rows)).toMatchObject([
    {
      ...{ jobId: 'prod/n1/ml/p1/c', run: '2026-02-01T00:00:00.000Z', teamName: 'Inference', modelName: 'llama' },
      ...{ gpuType: 'a100', gpuMilli: 8000, provider: 'prod', status: 'completed' },
    },
  ])
  expect(held(jobs(rows)[0])).toBe(192 * 3600)
})

test('the team is the label team or owner of the pod, else of its namespace, else the namespace, else what it was aggregated by', () => {
  const team = (properties: object, name = 'c/ml/p') =>
    jobs(read(answer(one(name, { gpuHours: 1, properties }))))[0]?.teamName
  expect(team({ namespace: 'ml', labels: { owner: 'O' }, namespaceLabels: { team: 'T' } })).toBe('O')
  expect(team({ namespace: 'ml', labels: { team: ' ' }, namespaceLabels: { team: 'T' } })).toBe('T')
  expect(team({ namespace: 'ml' })).toBe('ml')
  expect(team({}, 'vision')).toBe('vision')
  expect(team({})).toBe('unassigned')
})

test('a fraction of a GPU is held for the whole time, in thousandths; what is finer comes off the end', () => {
  for (const [gpuHours, milli, gpuSeconds] of [
    ...[[6, 250, 21_600] as const, [24, 1_000, 86_400] as const, [60, 2_500, 216_000] as const],
    // 900 s of a day are 10.4 thousandths: 11 of them for 81,818 s. 24.5 hours: 1.0208, so 1.021 for 86,385 s.
    ...[[0.25, 11, 899.998] as const, [24.5, 1_021, 88_199.085] as const],
    ...[[0.0001, null, null] as const, [0, null, null] as const],
  ]) {
    const [job] = jobs(read(answer(one('a/b', { gpuHours }))))
    expect([gpuHours, job?.gpuMilli ?? null, held(job)]).toEqual([gpuHours, milli, gpuSeconds])
  }
})

test('four pods with a quarter of one GPU for an hour are exactly one GPU-hour', () => {
  const hour = { start: '2026-02-01T10:00:00Z', end: '2026-02-01T11:00:00Z' }
  const pods = Array.from({ length: 4 }, (_, at) => one(`c/ml/p${at}`, { gpuHours: 0.25, gpuCount: 0.25 }, hour))
  const rows = read(answer(Object.assign({}, ...pods)))
  expect(jobs(rows).reduce((sum, job) => sum + (held(job) ?? 0), 0)).toBe(3600)
  for (const { gpuMilli, startedAtMs, endedAtMs } of jobs(rows))
    expect([gpuMilli, startedAtMs, endedAtMs]).toEqual([250, Date.parse(hour.start), Date.parse(hour.end)])
})

test('idle, unmounted and nameless capacity is cost without a job; a namespace without a label is a workload', () => {
  const more = { gpuHours: 4, gpuCost: 1 }
  for (const name of [
    'prod/__idle__',
    '__idle__',
    'c/__unmounted__/__unmounted__',
    '__unallocated__',
    '__unallocated__/__unallocated__',
  ])
    expect([name, read(answer(one(name, more))).map(({ kind }) => kind)]).toEqual([name, ['cost']])
  expect(jobs(read(answer(one('ml/__unallocated__', more))))).toHaveLength(1)
})

test('a window over several days is cut at midnight in proportion to its minutes, and the parts are the whole', () => {
  const long = { start: '2026-02-01T18:00:00Z', end: '2026-02-03T06:00:00Z' } // 6 h, 24 h, 6 h
  const rows = read(answer(one('a/b', { gpuHours: 72, gpuCost: 10, totalCost: 10.00001 }, long)))
  const gpu = costs(rows).filter(({ gpuType }) => gpuType !== '')
  expect(
    gpu.map(({ entryDate, billed, capacityGpuSeconds }) => [entryDate, exactText(billed), capacityGpuSeconds]),
  ).toEqual([
    ['2026-02-01', '1.666666666667', 43_200],
    ['2026-02-02', '6.666666666666', 172_800],
    ['2026-02-03', '1.666666666667', 43_200],
  ])
  expect(usd(rows)).toBe('10.00001')
  expect(jobs(rows).map((job) => [job.run, job.gpuMilli / 1000, held(job)])).toEqual([
    ['2026-02-01T18:00:00.000Z', 2, 43_200],
    ['2026-02-01T18:00:00.000Z+2026-02-02', 2, 172_800],
    ['2026-02-01T18:00:00.000Z+2026-02-03', 2, 43_200],
  ])
})

test('the parts of any amount over any days add up to it to the last digit', () => {
  const start = parseInstant('2026-02-01') ?? 0
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
      fc.nat({ max: 30 }),
      fc.nat({ max: 90_000_000 }),
      fc.nat({ max: 2_000_000_000 }),
      (digits, scale, from, length) => {
        const parts = dayParts((start + from) as EpochMs, (start + from + length) as EpochMs)
        const amount: ExactUsd = { digits, scale }
        const sum = amountOverParts(amount, parts).reduce<ExactUsd>(addExact, ZERO_EXACT)
        expect(exactText(sum)).toBe(exactText(amount))
        expect(parts.reduce((all, part) => all + part.endedAtMs - part.startedAtMs, 0)).toBe(length)
      },
    ),
    { seed: 20_260_305 },
  )
})

test('the total is the file’s totalCost to its last digit, a float’s tail and all; without one, the parts with what adjusts them', () => {
  const text = answer(one('a', { totalCost: 0 }), one('b', { totalCost: 0 })).replace(
    '"totalCost":0',
    '"totalCost":0.30000000000000004',
  )
  expect(usd(read(text.replace('"totalCost":0}', '"totalCost":5.551115123125783e-17}')))).toBe(
    '0.30000000000000009551115123125783',
  )
  const parts = {
    ...{ cpuCost: 1, cpuCostAdjustment: -0.25, gpuCost: 2, gpuCostAdjustment: 0.5, ramCost: 4, ramCostAdjustment: 1 },
    ...{ pvCost: 8, pvCostAdjustment: 0, networkCost: 16, networkCostAdjustment: -1, loadBalancerCost: 32 },
    ...{ loadBalancerCostAdjustment: null, sharedCost: 64, externalCost: 128, totalCost: null },
  }
  expect(usd(read(answer(one('a', parts))))).toBe('255.25')
})

test('the GPU is the model, the node’s label, or not known; a currency is US dollars unless the sender says otherwise', () => {
  const type = (more: object) => costs(read(answer(one('a/b', { gpuCost: 1, ...more }))))[0]?.gpuType
  expect(type({ gpuAllocation: { gpuDevice: 'nvidia0', gpuModel: '' } })).toBe('unknown')
  expect(type({ gpuAllocation: { gpuDevice: 'Tesla T4' } })).toBe('t4')
  expect(type({ gpuAllocation: { gpuModel: 'Gaudi 3' } })).toBe('gaudi3')
  expect(type({ properties: { labels: { nvidia_com_gpu_product: 'NVIDIA-H100-80GB-HBM3' } } })).toBe('h100')
  const euros = read(answer(one('a', {})), { currency: 'EUR', usdPerUnit: () => readUsd('1.1') })
  expect([usd(euros), costs(euros)[0]?.currency]).toEqual(['1.10', 'EUR'])
  const refused = read(answer(one('a', { gpuCost: 0.25 })), { currency: 'EUR' })
  expect(refused).toMatchObject([{ code: 'ingest.no_rate', record: expect.stringContaining('"a": {') }])
  expect(refused.map((row) => (row.kind === 'refused' && row.billed ? exactText(row.billed) : null))).toEqual(['1.00'])
  expect(costs(read(answer(one('a', {})), { provider: 'aws' }))[0]?.provider).toBe('aws')
})

test('accumulated, bare, empty and Kubecost’s answers are read; what has no allocation is not this format', () => {
  const all = one('a', {})
  const sets = { code: 200, data: { step: 1, sets: [{ allocations: all, window: DAY }], window: DAY } }
  for (const text of [
    answer(all),
    JSON.stringify([all]),
    JSON.stringify([all.a]),
    JSON.stringify(sets),
    answer({}, all),
  ])
    expect([text, usd(read(text))]).toEqual([text, '1.00'])
  for (const text of ['{"code":200,"data":[]}', '{"code":200,"data":[{},null]}']) expect(read(text)).toEqual([])
  for (const text of [
    '{"object":"page","data":[{"object":"bucket","results":[{}]}]}',
    '[{"job_id":"a"}]',
    '{"data":[1,2]}',
  ])
    expect(() => read(text), text).toThrow(/there is no allocation in it/)
})

test('through the app, today’s partial window is replaced by the whole day, idle is nobody’s, and both sides add up', async () => {
  const { send, trpc, db } = await startHeliox({ now: '2026-02-02T12:00:00Z' })
  const model = { gpuAllocation: { gpuModel: 'NVIDIA H100 80GB HBM3' } }
  const day = (gpuHours: number, gpuCost: number, end: string) =>
    answer({
      ...one('c/ml/p', { gpuHours, gpuCost, totalCost: gpuCost, end, ...model }),
      ...one('c/__idle__', { gpuCost: 30, gpuHours: 12, totalCost: 30, ...model }),
    })
  await send('auto', day(6, 15, '2026-02-01T06:00:00Z'))
  const { result, format } = await send('auto', day(12, 30, '2026-02-01T12:00:00Z'))
  expect(format).toBe('opencost-json')
  expect(result).toMatchObject({ total_records: 3, inserted: 0, updated: 3, removed: 0 })
  expect(await db.all(sql`select job_id, gpu_milli from jobs`)).toEqual([{ job_id: 'c/ml/p', gpu_milli: 1000n }])
  const window = { start: '2026-02-01', end: '2026-02-01' }
  // 60 for 24 GPU-hours, of which the job held 12
  const usage = await trpc.analytics.byTeam.query({ ...window, basis: 'usage' })
  expect(usage.rows.map(({ name, totalCostUsd }) => [name, totalCostUsd])).toEqual([
    ['ml', '30.00'],
    ['__idle__', '30.00'],
  ])
  expect((await trpc.analytics.reconciliation.query(window)).differenceUsd).toBe('0.00')
})

test('the same allocation twice in a window is one job and one quarantined, while its costs add up', async () => {
  const { send } = await startHeliox()
  const all = one('c/ml/p', { gpuHours: 1, gpuCost: 1 })
  const { result } = await send('opencost-json', answer(all, all))
  expect(result).toMatchObject({ total_records: 4, inserted: 3, failed: 1 })
  expect(result.errors).toMatchObject([{ column: 'job_id', code: 'ingest.repeated' }])
})
