import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const FOCUS =
  'BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName'
const bill = (...rows: [cost: string, sku: string, currency?: string][]) =>
  `${[FOCUS, ...rows.map(([cost, sku, currency = 'USD']) => `${cost},A,${currency},2026-01-01,Usage,2026-01-10,${sku},AWS`)].join('\n')}\n`
const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
const jobs = (...ids: string[]) =>
  `${[JOBS, ...ids.map((id) => `${id},t1,m,aws,h100,8,2026-01-10T00:00:00Z,2026-01-10T12:00:00Z,completed`)].join('\n')}\n`

async function started() {
  const heliox = await startHeliox()
  return {
    ...heliox,
    remove: async (importId: string) => (await heliox.write('DELETE', `/api/v1/imports/${importId}`)).body,
    total: async () => {
      const asked = { start: '2026-01-01', end: '2026-02-10' } as const
      const both = await heliox.trpc.analytics.reconciliation.query(asked)
      expect([both.differenceUsd, both.stalePoolDays]).toEqual(['0.00', 0])
      return both.billedCostUsd
    },
  }
}

test('removing a restated bill brings back the one before it, and removing that too leaves nothing', async () => {
  const { send, remove, total, json } = await started()
  const first = await send('focus-csv', bill(['1', 'S1'], ['2', 'S2']))
  const second = await send('focus-csv', bill(['10', 'S1']))
  expect(await total()).toBe('10.00')
  const [restated] = await json<Record<string, unknown>[]>(`/api/v1/imports/${second.import_id}/bills`)
  expect(restated).toMatchObject({
    ...{ billing_account: 'A', billing_period: '2026-01-01', line_count: 1, billed_usd: '10.00', superseded_by: null },
    ...{ is_kept: true, superseded_by_import: null },
    replaced: [{ import_id: first.import_id, status: 'superseded', line_count: 2, billed_usd: '3.00', is_kept: true }],
  })
  expect(await json(`/api/v1/imports/${first.import_id}/bills`)).toMatchObject([
    { status: 'superseded', superseded_by_import: second.import_id, replaced: [] },
  ])
  expect(await remove(second.import_id)).toMatchObject({ state: 'removed', message: 'Removed: 1 row taken away' })
  expect(await total()).toBe('3.00')
  await remove(first.import_id)
  expect(await total()).toBe('0.00')
  expect((await remove(first.import_id)).state).toBe('removed')
})

/** What somebody does with exports of one account and month: send a part, read its quarantine again, remove one of before. */
type Step = { part: string; cost: number; bad: number } | { retry: number } | { remove: number }

/** Does the steps; a removal or retry of what is not there does nothing. Answers the imports by step. */
async function done(steps: readonly Step[], heliox: Awaited<ReturnType<typeof started>>) {
  const ids: (string | null)[] = []
  for (const step of steps) {
    if ('part' in step) {
      const rows: [string, string, string][] = [
        [`${step.cost}`, 'S1', 'USD'],
        [`${step.bad}`, 'S2', ''],
      ]
      const { import_id } = await heliox.send('focus-csv', bill(...rows), step.part && `&part=${step.part}`)
      ids.push(import_id)
    } else if ('retry' in step) {
      const path = `/api/v1/imports/${ids[step.retry]}/retry`
      const { status, body } = await heliox.write('POST', path, { currency: 'USD' })
      ids.push(status === 200 ? body.import_id : null)
    } else {
      ids.push(null)
      if (ids[step.remove]) await heliox.remove(ids[step.remove] as string)
    }
  }
  return ids
}

test('whatever is sent, read again and removed: the ledger holds what it would if the removed had never come', async () => {
  const any = fc.array(
    fc.oneof(
      fc.record({
        part: fc.constantFrom('', '', '1', '2'),
        cost: fc.integer({ min: 1, max: 900 }),
        bad: fc.integer({ min: 1000, max: 9000 }),
      }),
      fc.record({ retry: fc.nat({ max: 4 }) }),
      fc.record({ remove: fc.nat({ max: 4 }) }),
    ),
    { minLength: 2, maxLength: 8 },
  )
  for (const raw of fc.sample(any as fc.Arbitrary<Step[]>, { numRuns: 40, seed: 20_260_305 })) {
    const steps = raw.filter((step, at) => 'part' in step || ('retry' in step ? step.retry : step.remove) < at)
    const heliox = await started()
    const ids = await done(steps, heliox)
    const removed = new Set(steps.flatMap((step) => ('remove' in step && ids[step.remove] ? [step.remove] : [])))
    // Rows that were read again stand with the import that they came from: without it they would not be there.
    const isGone = (at: number): boolean => {
      const step = steps[at] as Step
      return removed.has(at) || ('retry' in step && (ids[at] === null || isGone(step.retry)))
    }
    const fresh = await started()
    const kept = steps.map((step, at) => ('remove' in step || isGone(at) ? null : step))
    const again: (string | null)[] = []
    for (const step of kept) {
      if (!step) again.push(null)
      else if ('part' in step) again.push((await done([step], fresh))[0] ?? null)
      else
        again.push(
          (
            await fresh.write('POST', `/api/v1/imports/${again[(step as { retry: number }).retry]}/retry`, {
              currency: 'USD',
            })
          ).body.import_id ?? null,
        )
    }
    expect([steps, await heliox.total()]).toEqual([steps, await fresh.total()])
  }
}, 120_000)

test('quarantined rows that are read again twice at once are stored once', async () => {
  const { send, write, total } = await started()
  const rows = Array.from({ length: 2_500 }, (_, at): [string, string, string] => ['1', `S${at}`, ''])
  const { import_id } = await send('focus-csv', bill(['100', 'S'], ...rows))
  const again = () => write('POST', `/api/v1/imports/${import_id}/retry`, { currency: 'USD' })
  const answers = await Promise.all([again(), again(), again()])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  expect(await total()).toBe('2600.00')
})

test('rows of a bill whose place another has taken are not read again beside it', async () => {
  const { send, write, total } = await started()
  const first = await send('focus-csv', bill(['100', 'S1'], ['50', 'S2', '']))
  await send('focus-csv', bill(['150', 'S1']))
  const refused = await write('POST', `/api/v1/imports/${first.import_id}/retry`, { currency: 'USD' })
  expect([refused.status, refused.body.error.code, await total()]).toEqual([409, 'ingest.superseded', '150.00'])
})

test('removing jobs and simple costs takes what the import brought, and leaves what others changed since', async () => {
  const { send, remove, total, trpc } = await started()
  const costs = await send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd\n2026-01-10,aws,h100,8\n2026-01-11,aws,h100,16\n',
  )
  const one = await send('jobs-csv', jobs('a', 'b', 'c'))
  await trpc.jobs.update.mutate({
    id: (await trpc.jobs.list.query({})).jobs.find(({ jobId }) => jobId === 'b')!.id,
    modelName: 'x',
  })
  const { message } = await remove(one.import_id)
  expect(message).toBe('Removed: 2 rows taken away; 1 that it changed, or that were changed since, stay as they are')
  expect((await trpc.jobs.list.query({})).jobs.map(({ jobId }) => jobId)).toEqual(['b'])
  expect(await total()).toBe('24.00')
  await send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-11,aws,h100,32\n')
  await remove(costs.import_id)
  expect(await total()).toBe('32.00')
})

test('an import under way is not removed, a bill only by who may write bills, and it is noted who did it', async () => {
  const { send, db, write, as } = await started()
  const sent = await send('focus-csv', bill(['1', 'S1']))
  const path = `/api/v1/imports/${sent.import_id}`
  expect((await (await as('finance')).write('DELETE', path)).status).toBe(403)
  await db.run(sql`update imports set status = 'storing'`)
  const refused = await write('DELETE', path)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'ingest.under_way'])
  await db.run(sql`update imports set status = 'success'`)
  const admin = await as('admin')
  expect((await admin.write('DELETE', path)).status).toBe(200)
  const notes = await db.all(sql`select actor, target_id from audit_log where action = 'imports.remove'`)
  expect(notes).toEqual([{ actor: admin.email, target_id: sent.import_id }])
})

test('quarantined rows are read again by themselves, added to their bill, and go when it is replaced', async () => {
  const { send, write, json, total, fetch } = await started()
  const { import_id, result } = await send(
    'focus-csv',
    bill(['1', 'S1'], ['2', 'S2', ''], ['4', 'S3', ''], ['x', 'S4']),
  )
  expect([result.inserted, result.failed, await total()]).toEqual([1, 3, '1.00'])
  const rejects = await fetch(`/api/v1/imports/${import_id}/rejects`)
  expect(
    await rejects.text(),
  ).toBe(`${FOCUS}\n2,A,,2026-01-01,Usage,2026-01-10,S2,AWS\n4,A,,2026-01-01,Usage,2026-01-10,S3,AWS
x,A,USD,2026-01-01,Usage,2026-01-10,S4,AWS\n`)
  const again = await write('POST', `/api/v1/imports/${import_id}/retry`, { currency: 'USD' })
  expect(again.body.result).toMatchObject({ total_records: 3, inserted: 2, failed: 1 })
  expect(await total()).toBe('7.00')
  const { errors } = await json<{ errors: { resolved_by: string }[] }>(`/api/v1/imports/${import_id}/errors`)
  expect(errors.map(({ resolved_by }) => resolved_by)).toEqual(Array(3).fill(again.body.import_id))
  const third = await write('POST', `/api/v1/imports/${import_id}/retry`, {})
  expect([third.status, third.body.error.code]).toEqual([409, 'ingest.nothing_to_retry'])
  await send('focus-csv', bill(['5', 'S1']))
  expect(await total()).toBe('5.00')
})

test('rows of a part that were read again go with that part alone', async () => {
  const { send, write, total } = await started()
  const one = await send('focus-csv', bill(['1', 'S1'], ['2', 'S2', '']), '&part=one')
  await send('focus-csv', bill(['4', 'S1']), '&part=two')
  await write('POST', `/api/v1/imports/${one.import_id}/retry`, { currency: 'USD' })
  expect(await total()).toBe('7.00')
  await send('focus-csv', bill(['8', 'S1']), '&part=two')
  expect(await total()).toBe('11.00')
  await send('focus-csv', bill(['16', 'S1']), '&part=one')
  expect(await total()).toBe('24.00')
})

test('rows of what does not count are not read again: of a dry run, of what is under way, of what was taken away', async () => {
  const { send, write, remove, db, total } = await started()
  const file = bill(['1', 'S1'], ['2', 'S2', ''])
  const dry = await send('focus-csv', file, '&dry_run=1')
  const { import_id } = await send('focus-csv', file)
  const again = async (id: string) => {
    const { status, body } = await write('POST', `/api/v1/imports/${id}/retry`, { currency: 'USD' })
    return [status, body.error?.code]
  }
  expect(await again(dry.import_id)).toEqual([409, 'ingest.nothing_to_retry'])
  await db.run(sql`update imports set status = 'interrupted'`)
  expect(await again(import_id)).toEqual([409, 'ingest.under_way'])
  await db.run(sql`update imports set status = 'partial_success'`)
  await remove(import_id)
  expect(await again(import_id)).toEqual([409, 'ingest.nothing_to_retry'])
  expect(await total()).toBe('0.00')
})
