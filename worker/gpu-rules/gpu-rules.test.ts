import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startHeliox, type TestHeliox } from '../testing.ts'
import { applyMoves } from './apply-moves.ts'
import { applyRules } from './apply-rules.ts'
import { MOVE_OF_ENTRY, movesAfter, movesTable, OF_CURRENT_BILLS } from './moves.ts'
import { readRules } from './rule-book.ts'

const COLUMNS =
  'BilledCost,EffectiveCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart,SkuId,ProviderName,ServiceCategory,ServiceName,ChargeDescription,ConsumedQuantity,ConsumedUnit,SkuPriceDetails'
type Line = Partial<Record<'cost' | 'day' | 'sku' | 'item' | 'hours' | 'category' | 'details' | 'account', string>>

/** A bill of a small GPU cloud in FOCUS: a line is 24 hours of a "Node XL" for $10 unless it says more. */
function bill(...lines: Line[]): string {
  const rows = lines.map(({ cost = '10', day = '2026-01-10', sku = 'S1', item = 'Node XL', hours = '24', ...more }) =>
    [
      ...[cost, cost, more.account ?? 'A', 'USD', '2026-01-01', more.category ?? 'Usage', day, sku, 'Acme'],
      ...['Compute', 'Machines', item, hours, 'Hours', `"${(more.details ?? '').replaceAll('"', '""')}"`],
    ].join(','),
  )
  return `${[COLUMNS, ...rows].join('\n')}\n`
}

const WINDOW = { start: '2026-01-01', end: '2026-01-31' }

async function started(...lines: Line[]) {
  const heliox = await startHeliox()
  if (lines.length > 0) expect(await heliox.send('focus-csv', bill(...lines))).toMatchObject({ status: 'success' })
  return heliox
}

/** Entries as "day pool dollars hours", and whether every sum of the ledger is the sum of them. */
async function ledger({ db, trpc }: Pick<TestHeliox, 'db' | 'trpc'>) {
  const rows = await db.all<{ text: string }>(sql`
    select entry_date || ' ' || iif(gpu_type = '', '-', gpu_type) || ' ' || (sum(billed_nano_usd) / 1e9) || ' '
      || coalesce(sum(capacity_gpu_seconds) / 3600, '?') as text from ledger_costs group by entry_date, gpu_type order by 1`)
  const [sums] = await db.all<Record<string, bigint>>(sql`select
    (select coalesce(sum(effective_nano_usd), 0) from ledger_costs) as entries,
    (select coalesce(sum(effective_nano_usd), 0) from ledger_costs where bill_id <> 0) as billed,
    (select coalesce(sum(cost_nano_usd), 0) from pool_days) as shared,
    (select coalesce(sum(d.effective_nano_usd), 0) from bill_days d join bills b on b.id = d.bill_id and b.status = 'current') as days,
    (select coalesce(sum(effective_nano_usd), 0) from bills where status = 'current') as bills,
    (select coalesce(sum(line_count), 0) from ledger_costs where bill_id <> 0) - (select coalesce(sum(line_count), 0) from bills where status = 'current') as lines,
    (select count(*) from pool_days p left join (select entry_date, pool_id, sum(capacity_gpu_seconds) as capacity
      from ledger_costs group by 1, 2) c on c.entry_date = p.day and c.pool_id = p.pool_id
      where p.capacity_gpu_seconds is not c.capacity) as capacities,
    (select count(*) from bill_days d where not exists (select 1 from cost_entries c
      where c.entry_date = d.day and c.pool_id = d.pool_id and c.bill_id = d.bill_id)) as orphans`)
  const { entries, billed, ...others } = sums as Record<string, bigint>
  expect(others).toEqual({ shared: entries, days: billed, bills: billed, lines: 0n, capacities: 0n, orphans: 0n })
  for (const basis of ['allocation', 'usage'] as const)
    expect((await trpc.analytics.reconciliation.query({ ...WINDOW, basis })).differenceUsd).toBe('0.00')
  return rows.map(({ text }) => text)
}

test('a rule is made, read, changed and removed on both wires, with its line in the audit log', async () => {
  const { write, trpc } = await startHeliox()
  const made = await write('POST', '/api/v1/gpu-rules', {
    provider: ' ACME ',
    item_contains: 'node',
    gpu_type: 'H100',
    gpu_count: 8,
  })
  expect([made.status, made.body]).toEqual([
    201,
    {
      ...{ id: 'rule_1', provider: 'acme', service: '', sku: '', instance_type: '', item_contains: 'node' },
      ...{ gpu_type: 'h100', gpu_count: 8, note: '', created_at: '2026-03-01T12:00:00.000Z' },
      ...{ version: made.body.version, moved: { entry_count: 0, line_count: 0 } },
    },
  ])
  const changed = await trpc.gpuRules.update.mutate({ id: 'rule_1', gpuCount: 4, note: 'ask Kim' })
  expect(changed).toMatchObject({
    provider: 'acme',
    itemContains: 'node',
    gpuType: 'h100',
    gpuCount: 4,
    note: 'ask Kim',
  })
  const read = await write('GET', '/api/v1/gpu-rules/rule_1')
  expect([read.body.gpu_count, read.headers.get('etag')]).toEqual([4, `"${changed.version}"`])
  const stale = { 'if-match': '"somebody-else-was"' }
  expect((await write('PUT', '/api/v1/gpu-rules/rule_1', { note: 'x' }, stale)).status).toBe(412)
  expect((await write('DELETE', '/api/v1/gpu-rules/rule_1', undefined, stale)).status).toBe(412)
  expect(await trpc.gpuRules.list.query({})).toMatchObject({ total: 1, rules: [{ id: 'rule_1' }] })
  expect((await write('DELETE', '/api/v1/gpu-rules/rule_1')).status).toBe(204)
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/apply'],
  ] as const)
    expect(
      (await write(method, `/api/v1/gpu-rules/rule_1${path}`, method === 'GET' ? undefined : {})).body.error.code,
    ).toBe('gpu_rules.no_rule')
  const { entries } = await trpc.audit.list.query({ action: 'gpu_rules' })
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ['gpu_rules.remove', 'acme, …node… → 4 × h100'],
    ['gpu_rules.update', 'acme, …node… → 4 × h100'],
    ['gpu_rules.create', 'acme, …node… → 8 × h100'],
  ])
})

test('a rule needs a condition and a count that can be; what is no GPU has no count', async () => {
  const { write } = await startHeliox()
  const refused = async (body: object) => (await write('POST', '/api/v1/gpu-rules', body)).body.error.code
  expect(await refused({ gpu_type: 'h100' })).toBe('gpu_rules.no_condition')
  expect(await refused({ provider: '  ', item_contains: '', gpu_type: 'h100' })).toBe('gpu_rules.no_condition')
  expect(await refused({ provider: 'acme' })).toBe('request.invalid') // the type is not said
  expect(await refused({ provider: 'acme', gpu_type: '', gpu_count: 2 })).toBe('gpu_rules.count_without_type')
  for (const gpu_count of [0, -1, 1.5, 1025])
    expect([gpu_count, await refused({ provider: 'acme', gpu_type: 'h100', gpu_count })]).toEqual([
      gpu_count,
      'request.invalid',
    ])
  expect(await refused({ provider: 'acme', gpu_type: '<h100>' })).toBe('request.invalid')
  await write('POST', '/api/v1/gpu-rules', { provider: 'acme', gpu_type: 'h100', gpu_count: 2 })
  expect(await refused({ provider: 'ACME', gpu_type: 'a100' })).toBe('gpu_rules.same_conditions')
  expect((await write('PUT', '/api/v1/gpu-rules/rule_1', { provider: '' })).body.error.code).toBe(
    'gpu_rules.no_condition',
  )
  const none = await write('PUT', '/api/v1/gpu-rules/rule_1', { gpu_type: '' })
  expect(none.body).toMatchObject({ gpu_type: '', gpu_count: null })
})

test('lines of bills that are there move with their dollars, and the hours they bought become capacity', async () => {
  const heliox = await started(
    {},
    { day: '2026-01-11', cost: '7.123456789' },
    { item: 'Cable', cost: '3' },
    { category: 'Credit', cost: '-2' },
  )
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 11.0 ?', '2026-01-11 - 7.123456789 ?'])
  const { write } = heliox
  const rule = { service: 'Machines', item_contains: 'node xl', gpu_type: 'h100', gpu_count: 8 }
  const preview = await write('POST', '/api/v1/gpu-rules/preview', rule)
  expect(preview.body).toEqual({
    ...{ entry_count: 3, line_count: 3, billed_usd: '15.123456789', effective_usd: '15.123456789' },
    parts: [
      {
        ...{ provider: 'acme', from_type: '', to_type: 'h100', line_count: 3 },
        ...{ effective_usd: '15.123456789', gpu_hours: '384' }, // 2 × 24 h × 8; a credit buys no time
      },
    ],
  })
  expect(await ledger(heliox)).toHaveLength(2) // looked at, not moved
  const made = await write('POST', '/api/v1/gpu-rules', rule)
  expect(made.body.moved).toEqual({ entry_count: 3, line_count: 3 })
  expect(await ledger(heliox)).toEqual([
    '2026-01-10 - 3.0 ?',
    '2026-01-10 h100 8.0 192',
    '2026-01-11 h100 7.123456789 192',
  ])
  expect((await write('POST', '/api/v1/gpu-rules/rule_1/apply', {})).body).toEqual({ entry_count: 0, line_count: 0 })
  expect((await write('POST', '/api/v1/gpu-rules/preview', rule)).body).toMatchObject({ entry_count: 0, parts: [] })
})

test('bills to come are read with the rule, and the same bill again changes nothing', async () => {
  const lines = [{}, { item: 'Node XL Spot', cost: '4' }]
  const heliox = await started(...lines)
  await heliox.trpc.gpuRules.create.mutate({ itemContains: 'Node XL', gpuType: 'h100', gpuCount: 8 })
  const before = await ledger(heliox)
  expect(before).toEqual(['2026-01-10 h100 14.0 384'])
  expect((await heliox.send('focus-csv', bill(...lines))).result).toMatchObject({ unchanged: 2, removed: 0 })
  expect(await ledger(heliox)).toEqual(before)
  const more = await heliox.send('focus-csv', bill({ account: 'B', day: '2026-01-12' }))
  expect(more.result.totals.gpu_hours).toBe('192')
  expect(await ledger(heliox)).toEqual([...before, '2026-01-12 h100 10.0 192'])
})

test('the newest rule that matches decides; one that says "no GPU" takes a recognised line out', async () => {
  const heliox = await started({ item: 'L4 GPU hour', hours: '10' }, {})
  const { trpc } = heliox
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 l4 10.0 10'])
  await trpc.gpuRules.create.mutate({ provider: 'acme', gpuType: 'h100', gpuCount: 1 })
  expect(await ledger(heliox)).toEqual(['2026-01-10 h100 20.0 34'])
  const none = await trpc.gpuRules.create.mutate({ itemContains: 'l4', gpuType: '' })
  expect(none.moved).toEqual({ entryCount: 1, lineCount: 1 })
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 h100 10.0 24'])
  await trpc.gpuRules.remove.mutate({ id: none.id }) // the older rule decides again
  expect(await ledger(heliox)).toEqual(['2026-01-10 h100 20.0 34'])
  await trpc.gpuRules.remove.mutate({ id: 'rule_1' }) // and without it the words of the lines
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 l4 10.0 10'])
})

test('a rule that is changed lets go what it no longer matches and takes what it matches now', async () => {
  const heliox = await started({}, { item: 'Node S', cost: '3' })
  await heliox.trpc.gpuRules.create.mutate({ itemContains: 'node xl', gpuType: 'h100', gpuCount: 8 })
  const asked = { id: 'rule_1', itemContains: 'node s', gpuCount: 2 } as const
  const preview = await heliox.trpc.gpuRules.preview.query(asked)
  expect(preview.parts.map(({ fromType, toType, effectiveUsd }) => [fromType, toType, effectiveUsd])).toEqual([
    ['h100', '', '10.00'],
    ['', 'h100', '3.00'],
  ])
  expect((await heliox.trpc.gpuRules.update.mutate(asked)).moved).toEqual({ entryCount: 2, lineCount: 2 })
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 h100 3.0 48'])
  expect((await heliox.trpc.gpuRules.update.mutate({ id: 'rule_1', gpuCount: 4 })).moved.entryCount).toBe(1)
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 h100 3.0 96'])
  expect((await heliox.trpc.gpuRules.update.mutate({ id: 'rule_1', gpuCount: null })).moved.entryCount).toBe(1)
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 h100 3.0 ?'])
  const removal = await heliox.trpc.gpuRules.preview.query({ id: 'rule_1', isRemoved: true })
  expect(removal).toMatchObject({ lineCount: 1, effectiveUsd: '3.00', parts: [{ fromType: 'h100', toType: '' }] })
})

test('jobs are charged what moved: shares of both pools are cut anew, and every total stays', async () => {
  const heliox = await started({}, { day: '2026-01-11', cost: '6' })
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,provider,gpu_type,gpu_count,start_time,end_time,status\na,one,acme,h100,4,2026-01-10T00:00:00Z,2026-01-11T00:00:00Z,completed\n',
  )
  const byTeam = async (basis: 'allocation' | 'usage') =>
    (await heliox.trpc.analytics.byTeam.query({ ...WINDOW, basis })).rows.map(({ name, totalCostUsd }) => [
      name,
      totalCostUsd,
    ])
  expect(await byTeam('allocation')).toContainEqual(['__unallocated__', '16.00'])
  await heliox.trpc.gpuRules.create.mutate({ provider: 'acme', gpuType: 'h100', gpuCount: 8 })
  expect(await byTeam('allocation')).toEqual([
    ['one', '10.00'],
    ['__unallocated__', '6.00'],
  ])
  expect(await byTeam('usage')).toEqual([
    ['one', '5.00'], // half of what the node could
    ['__idle__', '11.00'],
  ])
  await ledger(heliox)
})

test('where a line of the same kind says its GPU in a column, both become one entry and no dollar is lost', async () => {
  const same = { item: 'Node XL', details: '{"GpuCount":8,"GpuType":"h100"}', cost: '5' }
  const heliox = await started({}, same, { ...same, details: '{"GpuType":"a100"}', cost: '2' })
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 10.0 ?', '2026-01-10 a100 2.0 ?', '2026-01-10 h100 5.0 192'])
  await heliox.trpc.gpuRules.create.mutate({ itemContains: 'Node XL', gpuType: 'h100', gpuCount: 8 })
  expect(await ledger(heliox)).toEqual(['2026-01-10 h100 17.0 576'])
  expect(await heliox.db.all(sql`select line_count as lines, usage_seconds / 3600 as hours from ledger_costs`)).toEqual(
    [{ lines: 3n, hours: 72n }],
  )
})

test('plain costs and entries by hand say their type themselves: no rule moves them', async () => {
  const heliox = await started({})
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-01-10,acme,a100,16\n')
  await heliox.trpc.gpuRules.create.mutate({ provider: 'acme', gpuType: 'h100' })
  expect(await ledger(heliox)).toEqual(['2026-01-10 a100 16.0 ?', '2026-01-10 h100 10.0 ?'])
})

test('many entries go in several transactions, each whole and in the audit log; cut off, doing it again completes it', async () => {
  const days = Array.from({ length: 25 }, (_, at) => `2026-01-${String(at + 1).padStart(2, '0')}`)
  const heliox = await started(...days.map((day, at) => ({ day, cost: `${at + 1}.000000001` })))
  const { db, scope, write } = heliox
  await db.run(sql`insert into gpu_rules (provider, gpu_type, gpu_count, created_at_ms) values ('acme', 'h100', 8, 0)`)
  const moves = await movesAfter(db, await readRules(db), [{ rule: (await readRules(db))[0] as never, only: null }])
  const seen: number[] = []
  let left = 3
  const watched = new Proxy(db, {
    get: (target, name) => {
      if (name !== 'transaction') return Reflect.get(target, name)
      return async (...work: Parameters<typeof db.transaction>) => {
        if (left-- === 0) throw new Error('the power went')
        await target.transaction(...work)
        seen.push((await ledger(heliox)).filter((line) => line.includes('h100')).length)
      }
    },
  })
  const noted = { targetId: 'rule_1', target: 'acme' }
  await expect(applyMoves({ ...scope, db: watched }, moves, noted, 4)).rejects.toThrow('the power went')
  expect(seen).toEqual([4, 8, 12])
  expect((await write('POST', '/api/v1/gpu-rules/rule_1/apply', {})).body).toEqual({ entry_count: 13, line_count: 13 })
  expect(await ledger(heliox)).toHaveLength(25)
  const [noteCount] = await db.all(sql`select count(*) as n from audit_log where action = 'gpu_rules.apply'`)
  expect(noteCount).toEqual({ n: 4n })
})

test('a bill that was read with the rules of before is brought in line', async () => {
  const heliox = await started({}, { item: 'Node S', cost: '3' })
  await heliox.db.run(sql`insert into gpu_rules (item_contains, gpu_type, gpu_count, created_at_ms)
    values ('node', 'h100', 8, 0), ('node s', '', null, 0)`)
  expect(await applyRules(heliox.scope)).toEqual({ entryCount: 1, lineCount: 1 })
  expect(await ledger(heliox)).toEqual(['2026-01-10 - 3.0 ?', '2026-01-10 h100 10.0 192'])
  expect(await applyRules(heliox.scope)).toEqual({ entryCount: 0, lineCount: 0 })
})

test('an entry finds its move through an index, not by comparing it with every move', async () => {
  const { db } = await startHeliox()
  const plan = await db.all<{ detail: string }>(sql`explain query plan with m as materialized (${movesTable([])})
    select c.id from ${OF_CURRENT_BILLS} cross join cost_dimensions d on d.id = c.dimension_id cross join m on ${MOVE_OF_ENTRY}`)
  expect(
    plan
      .map(({ detail }) => detail)
      .filter((detail) => / m\b/.test(detail))
      .join(),
  ).toMatch(/SEARCH m USING AUTOMATIC/)
})

test('what was not recognised is listed by what it is for with its dollars, the largest first, and "all" shows the rest', async () => {
  const heliox = await started(
    { cost: '5' },
    { cost: '6', day: '2026-01-11' },
    { item: 'GPU box 7', cost: '40', hours: '' },
    { item: 'Cable', cost: '1' },
    { item: 'H100 GPU hour', cost: '99' },
    { item: 'Block storage for node', cost: '30' },
    { item: 'VAT', category: 'Tax', cost: '3' },
  )
  const { trpc } = heliox
  const ask = async (more: object = {}) => {
    const { lines, ...page } = await trpc.gpuRules.unrecognised.query({ ...WINDOW, ...more })
    return {
      lines: lines.map(({ item, effectiveUsd }) => [item, effectiveUsd]),
      total: page.total,
      sum: page.totalEffectiveUsd,
    }
  }
  expect(await ask()).toEqual({
    lines: [
      ['GPU box 7', '40.00'],
      ['Node XL', '11.00'],
    ],
    total: 2,
    sum: '51.00',
  })
  expect((await ask({ scope: 'all' })).lines.map(([item]) => item)).toEqual([
    'GPU box 7',
    'Block storage for node',
    'Node XL',
    'Cable',
  ])
  expect(await ask({ scope: 'all', search: 'BLOCK' })).toEqual({
    lines: [['Block storage for node', '30.00']],
    total: 1,
    sum: '30.00',
  })
  expect(await ask({ skip: 1 })).toMatchObject({ lines: [['Node XL', '11.00']], total: 2, sum: '51.00' })
  expect(await ask({ start: '2026-01-11' })).toMatchObject({ lines: [['Node XL', '6.00']] })
  expect(await ask({ skip: 9 })).toEqual({ lines: [], total: 2, sum: '51.00' })
  expect((await trpc.gpuRules.unrecognised.query({})).lines[1]).toEqual({
    ...{ provider: 'acme', service: 'Machines', sku: 'S1', item: 'Node XL', instanceType: '', lineCount: 2 },
    ...{ billedUsd: '11.00', effectiveUsd: '11.00', billedHours: 48, firstDay: '2026-01-10', lastDay: '2026-01-11' },
  })
  await trpc.gpuRules.create.mutate({ itemContains: 'gpu box', gpuType: '' }) // settled
  expect((await ask()).lines).toEqual([['Node XL', '11.00']])
})

test('what was recognised is summed by type and by how it was told', async () => {
  const heliox = await started(
    { item: 'H100 GPU hour', cost: '9' },
    { item: 'a', details: '{"GpuType":"a100"}', cost: '4' },
    { item: 'Node XL', cost: '5' },
    { item: 'Cable', cost: '1' },
    { item: 'p5.48xlarge', cost: '7' },
  )
  await heliox.trpc.gpuRules.create.mutate({ itemContains: 'node', gpuType: 'blackbird', gpuCount: 1 })
  const { kinds, knownTypes, ...sums } = await heliox.trpc.gpuRules.recognised.query(WINDOW)
  expect(kinds.map(({ gpuType, by, effectiveUsd, gpuHours }) => [gpuType, by, effectiveUsd, gpuHours])).toEqual([
    ['h100', 'text', '9.00', '24'],
    ['h100', 'catalogue', '7.00', '192'],
    ['blackbird', 'rule', '5.00', '24'],
    ['a100', 'file', '4.00', null],
  ])
  expect(sums).toEqual({ recognisedUsd: '25.00', otherUsd: '1.00' })
  expect(knownTypes).toEqual(expect.arrayContaining(['blackbird', 'h100', 'trainium2', 'a100']))
})

test('a rule means the same for stored lines and for those to come, whatever the letters and the length of an item', async () => {
  const long = `${'x'.repeat(294)} CAFÉ tail that is not stored`
  for (const [item, itemContains, isMet] of [
    ['Café Node', 'CAFÉ', false], // É is not é: ASCII alone, on both ways
    ['Café Node', 'café NODE', true],
    [long, 'tail', false],
    ['100%_node', '%_n', true],
  ] as const) {
    const heliox = await started({ item })
    await heliox.trpc.gpuRules.create.mutate({ itemContains, gpuType: 'h100' })
    const stored = (await ledger(heliox)).join()
    expect([itemContains, stored.includes('h100')]).toEqual([itemContains, isMet])
    await heliox.send('focus-csv', bill({ item }))
    expect(await ledger(heliox)).toEqual([stored])
  }
})
