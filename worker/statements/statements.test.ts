import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { nano, type TestHeliox } from '../testing.ts'
import { restate, sum, twoMonths } from './testing.ts'

const get = ({ trpc }: Pick<TestHeliox, 'trpc'>, month: string) => trpc.statements.get.query({ month })
const split = (heliox: TestHeliox, sharedCostSplit: object) =>
  heliox.trpc.settings.update.mutate({ sharedCostSplit: sharedCostSplit as never })
type Statement = Awaited<ReturnType<typeof get>>
const totals = ({ teams }: Statement) => Object.fromEntries(teams.map((team) => [team.teamName, team.totalUsd]))
const code = (errorCode: string) => ({ data: { errorCode } })

test('a month says what each team’s jobs were charged, what stays with the company, and that it is the bill', async () => {
  const january = await get(await twoMonths(), '2026-01')
  // H100 on the 10th: 100 over 30 + 10 + 10 GPU-hours.
  expect(
    january.lines.map((line) => [
      line.teamName,
      line.kind,
      line.provider,
      line.gpuType,
      line.modelName,
      line.gpuHours,
      line.jobCount,
      line.amountUsd,
    ]),
  ).toEqual([
    ['vision', 'jobs', 'aws', 'h100', 'resnet', '30', 1, '60.00'],
    ['vision', 'jobs', 'aws', 'h100', 'clip', '10', 1, '20.00'],
    ['speech', 'jobs', 'aws', 'h100', 'whisper', '10', 1, '20.00'],
    ['speech', 'jobs', 'aws', 'a100', 'whisper', '10', 1, '10.00'],
    ['', 'kept', 'gcp', 'h100', '', '0', 0, '33.33'],
  ])
  expect(january.check).toEqual({
    ...{ billUsd: '143.33', adjustmentsUsd: '0.00', teamsUsd: '110.00', companyUsd: '33.33', differenceUsd: '0.00' },
  })
  expect(january).toMatchObject({ state: 'open', isPartial: false, split: { method: 'none', version: 1 } })
  expect(january.teams[0]).toMatchObject({ gpuHours: '40', jobCount: 2, budgetUsd: null, budgetUsedShare: null })
})

test.each<[string, { method: string; teams?: string[]; weights?: object[] }, object]>([
  // 33.33: vision 80, speech 30
  ['evenly', { method: 'even' }, { vision: '96.665', speech: '46.665' }],
  ['to one', { method: 'even', teams: ['team_2'] }, { vision: '80.00', speech: '63.33' }],
  [
    '2 to 1',
    {
      method: 'weighted',
      weights: [
        { teamId: 'team_1', weight: '2' },
        { teamId: 'team_2', weight: '1.0' },
      ],
    },
    { vision: '102.22', speech: '41.11' },
  ],
  ['in proportion', { method: 'proportional' }, { vision: '104.24', speech: '39.09' }],
  ['in proportion among one', { method: 'proportional', teams: ['team_1'] }, { vision: '113.33', speech: '30.00' }],
])('what nobody was charged is shared %s, to the nano-dollar', async (_how, decision, wanted) => {
  const heliox = await twoMonths()
  await split(heliox, decision)
  const january = await get(heliox, '2026-01')
  expect(totals(january)).toEqual(wanted)
  expect(january.company).toMatchObject({ potUsd: '33.33', sharedUsd: '33.33', keptUsd: '0.00', totalUsd: '0.00' })
  expect(january.check).toMatchObject({ teamsUsd: '143.33', differenceUsd: '0.00' })
  expect(january.split).toMatchObject({ method: decision.method, teams: decision.teams ?? null })
})

test('what a rule gave to a team without a job is a line of its own, and no part of the pot', async () => {
  const heliox = await twoMonths()
  const { db } = heliox
  await db.run(sql`insert into owners (id, team_id, model_id, status) values (99, 2, 0, 0)`)
  await db.run(sql`insert into ledger_cells (day, pool_id, owner_id, allocation_nano_usd)
    select day, pool_id, 99, 20000000000 from pool_days where day = '2026-01-12'`)
  await db.run(
    sql`update pool_days set unallocated_nano_usd = unallocated_nano_usd - 20000000000 where day = '2026-01-12'`,
  )
  await split(heliox, { method: 'proportional' })
  const { teams, lines, company, check } = await get(heliox, '2026-01')
  const given = lines.find(({ kind }) => kind === 'assigned')
  expect(given).toMatchObject({
    teamName: 'speech',
    provider: 'gcp',
    gpuType: 'h100',
    modelName: '',
    jobCount: 0,
    amountUsd: '20.00',
  })
  // 13.33 by 80 to 50.
  expect(teams.map((team) => [team.teamName, team.jobsUsd, team.assignedUsd, team.sharedUsd])).toEqual([
    ['vision', '80.00', '0.00', '8.203076923'],
    ['speech', '30.00', '20.00', '5.126923077'],
  ])
  expect([company?.potUsd, check?.differenceUsd]).toEqual(['13.33', '0.00'])
})

test('a credit that nobody holds is shared as well, and without a team to go by it stays', async () => {
  const heliox = await twoMonths()
  await heliox.db.run(
    sql`update cost_entries set effective_nano_usd = -10000000001, billed_nano_usd = -10000000001 where entry_date = '2026-01-12'`,
  )
  await heliox.db.run(
    sql`update pool_days set cost_nano_usd = -10000000001, unallocated_nano_usd = -10000000001 where day = '2026-01-12'`,
  )
  await split(heliox, { method: 'even' })
  expect(totals(await get(heliox, '2026-01'))).toEqual({ vision: '74.999999999', speech: '25.00' })
  await split(heliox, { method: 'even', teams: ['team_99'] })
  expect((await get(heliox, '2026-01')).company).toMatchObject({ keptUsd: '-10.000000001', sharedUsd: '0.00' })
})

test.each([
  ['weights without weighted', { method: 'even', weights: [{ teamId: 'team_1', weight: '1' }] }],
  ['weighted without weights', { method: 'weighted' }],
  ['weighted over nothing', { method: 'weighted', weights: [{ teamId: 'team_1', weight: '0' }] }],
  ['a weight below 0', { method: 'weighted', weights: [{ teamId: 'team_1', weight: '-1' }] }],
  ['a team twice', { method: 'even', teams: ['team_1', 'team_1'] }],
  ['a team that is none', { method: 'even', teams: ['vision'] }],
  ['teams without a split', { method: 'none', teams: ['team_1'] }],
])('%s is refused', async (_what, decision) => {
  await expect(split(await twoMonths(), decision)).rejects.toMatchObject({ data: { code: 'BAD_REQUEST' } })
})

test('a closed month stays byte for byte, whatever is restated, renamed, removed or decided later', async () => {
  const heliox = await twoMonths()
  await split(heliox, { method: 'proportional' })
  await heliox.trpc.statements.close.mutate({ month: '2026-01' })
  const path = '/api/v1/statements/2026-01'
  const [before, lines] = [await (await heliox.fetch(path)).text(), await csv(heliox, `${path}/lines`)]
  expect(JSON.parse(before)).toMatchObject({
    state: 'closed',
    closed_by: 'admin key',
    closed_at: '2026-03-10T12:00:00.000Z',
  })
  await restate(heliox, '2026-01-10', 'aws h100', '500')
  await heliox.trpc.teams.update.mutate({ id: 'team_1', name: 'eyes', budgetUsd: '7' })
  await split(heliox, { method: 'none' })
  await heliox.trpc.teams.remove.mutate({ id: 'team_2' })
  heliox.moveTo('2026-05-01T00:00:00Z')
  expect(await (await heliox.fetch(path)).text()).toBe(before)
  expect(await csv(heliox, `${path}/lines`)).toBe(lines)
  await heliox.trpc.statements.close.mutate({ month: '2026-02' })
  expect(await (await heliox.fetch(path)).text()).toBe(before)
})

test('what is restated after closing is an adjustment of the next open month, once', async () => {
  const heliox = await twoMonths()
  await heliox.trpc.statements.close.mutate({ month: '2026-01' })
  expect((await get(heliox, '2026-02')).lines.filter(({ kind }) => kind === 'adjustment')).toEqual([])
  await restate(heliox, '2026-01-10', 'aws h100', '150')
  await restate(heliox, '2026-01-12', 'gcp h100', '30')
  const february = await get(heliox, '2026-02')
  const adjustments = ({ lines }: Statement) =>
    lines
      .filter(({ kind }) => kind === 'adjustment')
      .map((line) => [line.teamName, line.adjustedMonth, line.beforeUsd, line.afterUsd, line.amountUsd])
  expect(adjustments(february)).toEqual([
    ['vision', '2026-01', '80.00', '120.00', '40.00'],
    ['speech', '2026-01', '30.00', '40.00', '10.00'],
    ['', '2026-01', '33.33', '30.00', '-3.33'],
  ])
  expect(totals(february)).toEqual({ vision: '110.00', speech: '10.00' })
  expect(february.check).toEqual({
    ...{ billUsd: '77.01', adjustmentsUsd: '46.67', teamsUsd: '120.00', companyUsd: '3.68', differenceUsd: '0.00' },
  })
  const [listed] = (await heliox.trpc.statements.list.query({})).months.filter(({ month }) => month === '2026-01')
  expect(listed).toMatchObject({ totalUsd: '143.33', pendingCount: 3, pendingUsd: '46.67', isClosable: false })

  await heliox.trpc.statements.close.mutate({ month: '2026-02' })
  expect(adjustments(await get(heliox, '2026-03'))).toEqual([])
  await restate(heliox, '2026-01-10', 'aws h100', '100')
  expect(adjustments(await get(heliox, '2026-03'))).toEqual([
    ['speech', '2026-01', '40.00', '30.00', '-10.00'],
    ['vision', '2026-01', '120.00', '80.00', '-40.00'],
  ])
  // The month that takes them is listed, though nothing was billed in it yet.
  const { months } = await heliox.trpc.statements.list.query({})
  expect(months.map((one) => [one.month, one.state, one.costUsd, one.adjustmentsUsd, one.totalUsd])).toEqual([
    ['2026-03', 'open', '0.00', '-50.00', '-50.00'],
    ['2026-02', 'closed', '77.01', '46.67', '123.68'],
    ['2026-01', 'closed', '143.33', '0.00', '143.33'],
  ])
})

test('a team that is gone has its adjustment under the name it had', async () => {
  const heliox = await twoMonths()
  await heliox.trpc.statements.close.mutate({ month: '2026-01' })
  await heliox.trpc.teams.remove.mutate({ id: 'team_2' })
  const { lines, check } = await get(heliox, '2026-02')
  expect(lines.filter(({ kind }) => kind === 'adjustment').map((line) => [line.teamName, line.amountUsd])).toEqual([
    ['vision', '20.00'],
    ['speech', '-30.00'],
    ['', '10.00'],
  ])
  expect(check?.differenceUsd).toBe('0.00')
})

test('a month is closed a full day after its end, once, with something in it, and without a gap', async () => {
  const heliox = await twoMonths()
  const close = (month: string) => heliox.trpc.statements.close.mutate({ month })
  await heliox.send(
    'cost-csv',
    'date,provider,gpu_type,cost_usd\n2025-10-01,aws,h100,1\n2025-12-01,aws,h100,1\n2026-03-01,aws,h100,1\n',
  )
  heliox.moveTo('2026-04-01T23:59:59Z')
  await expect(close('2026-03')).rejects.toMatchObject(code('statements.not_over'))
  await expect(close('2025-11')).rejects.toMatchObject(code('statements.nothing_there'))
  heliox.moveTo('2026-04-02T00:00:00Z')
  await close('2026-01') // the first may be any
  await expect(close('2026-01')).rejects.toMatchObject(code('statements.already_closed'))
  await expect(close('2026-03')).rejects.toMatchObject({ message: expect.stringContaining('Close 2026-02 first') })
  await expect(close('2025-10')).rejects.toMatchObject({ message: expect.stringContaining('Close 2025-12 first') })
  await close('2025-12')
  await close('2025-10')
  await close('2026-02')
  await close('2026-03')
  // What comes for a month in between, where nothing was, is a month of its own.
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2025-11-01,aws,h100,5\n')
  expect((await get(heliox, '2025-11')).check).toMatchObject({ billUsd: '5.00', adjustmentsUsd: '0.00' })
  expect((await close('2025-11')).state).toBe('closed')
})

test('of two who close a month at once one does, and the audit log has one line', async () => {
  const heliox = await twoMonths()
  const both = await Promise.allSettled(['a', 'b'].map(() => heliox.trpc.statements.close.mutate({ month: '2026-01' })))
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { entries } = await heliox.trpc.audit.list.query({ action: 'statements' })
  expect(entries.map(({ action, target, after }) => [action, target, after])).toEqual([
    [
      'statements.close',
      '2026-01',
      expect.objectContaining({ billUsd: '143.33', differenceUsd: '0.00', teamCount: 2 }),
    ],
  ])
})

test('a running job is counted up to now before closing, and the statement says that it runs', async () => {
  const heliox = await twoMonths()
  await heliox.send(
    'jobs-csv',
    'job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status\nr1,speech,x,gcp,h100,2026-01-11T00:00:00Z,,running\n',
  )
  const january = await heliox.trpc.statements.close.mutate({ month: '2026-01' })
  expect([january.isProvisional, totals(january)]).toEqual([
    true,
    expect.objectContaining({ speech: expect.any(String) }),
  ])
  expect(january.company?.keptUsd).toBe('0.00') // it holds the day that was nobody's
})

test('who sees some teams sees their lines and parts, and nothing from which the rest would follow', async () => {
  const heliox = await twoMonths()
  const weights = [
    { teamId: 'team_1', weight: '2' },
    { teamId: 'team_2', weight: '1' },
  ]
  await split(heliox, { method: 'weighted', weights })
  const viewer = await heliox.as('viewer', ['team_2'])
  for (const isClosed of [false, true]) {
    if (isClosed) await heliox.trpc.statements.close.mutate({ month: '2026-01' })
    const january = await get(viewer, '2026-01')
    expect(january).toMatchObject({ isPartial: true, company: null, check: null, closedBy: null, stalePoolDays: null })
    expect(totals(january)).toEqual({ speech: '41.11' })
    expect(january.split.weights).toEqual([{ teamId: 'team_2', weight: '1' }])
    expect(JSON.stringify(january)).not.toMatch(/"vision"|team_1/)
    const [row] = (await viewer.trpc.statements.list.query({})).months.slice(-1)
    expect(row).toMatchObject({ month: '2026-01', totalUsd: '41.11', costUsd: '41.11', closedBy: null, whyNot: null })
  }
  expect((await viewer.trpc.settings.get.query()).sharedCostSplit.weights).toEqual([{ teamId: 'team_2', weight: '1' }])
  const asked = (teamId: 'team_1' | 'team_2') => viewer.trpc.statements.get.query({ month: '2026-01', teamId })
  expect(totals(await asked('team_2'))).toEqual({ speech: '41.11' })
  await expect(asked('team_1')).rejects.toMatchObject(code('auth.other_team'))
  await expect(viewer.trpc.statements.close.mutate({ month: '2026-02' })).rejects.toMatchObject(code('auth.role'))
  await restate(heliox, '2026-01-10', 'aws h100', '200')
  const { lines } = await get(viewer, '2026-02')
  expect(lines.map((line) => [line.kind, line.teamName, line.amountUsd])).toEqual([
    ['shared', 'speech', '2.336666667'],
    ['adjustment', 'speech', '20.00'],
  ])
})

test('one team’s statement, by its id, has its lines alone; a team without a part has none', async () => {
  const heliox = await twoMonths()
  const one = await heliox.trpc.statements.get.query({ month: '2026-01', teamId: 'team_1' })
  expect([totals(one), one.company, one.check, one.isPartial]).toEqual([{ vision: '80.00' }, null, null, false])
  await expect(heliox.trpc.statements.get.query({ month: '2026-02', teamId: 'team_2' })).rejects.toMatchObject(
    code('statements.no_part'),
  )
})

test('the lines are CSV for who asks so, sum to the total, and a spreadsheet runs none of them', async () => {
  const heliox = await twoMonths()
  await heliox.trpc.teams.update.mutate({ id: 'team_1', name: '=SUM(A1)' })
  const text = await csv(heliox, '/api/v1/statements/2026-01/lines')
  const [header, ...rows] = text.trim().split('\r\n')
  expect(header).toBe(
    'month,team_id,team_name,kind,provider,gpu_type,model_name,adjusted_month,gpu_hours,job_count,before_usd,after_usd,amount_usd',
  )
  expect(rows[0]).toBe(`2026-01,team_1,'=SUM(A1),jobs,aws,h100,resnet,,30,1,,,60.00`)
  expect(sum(rows.map((row) => row.split(',').at(-1) ?? ''))).toBe(nano('143.33'))
  expect(await csv(heliox, '/api/v1/statements/2026-01/lines?team_id=team_2')).toContain(
    '2026-01,team_2,speech,jobs,aws,h100,whisper,,10,1,,,20.00',
  )
})

test('a budget stands beside what was used of it', async () => {
  const heliox = await twoMonths()
  await heliox.trpc.teams.update.mutate({ id: 'team_1', budgetUsd: '60' })
  expect((await get(heliox, '2026-01')).teams[0]).toMatchObject({ budgetUsd: '60.00', budgetUsedShare: 1.3333 })
})

test('a split can be tried on a month before anybody decides for it', async () => {
  const heliox = await twoMonths()
  const preview = await heliox.trpc.statements.previewSplit.query({ month: '2026-01', split: { method: 'even' } })
  expect(preview).toEqual({
    ...{ month: '2026-01', method: 'even', potUsd: '33.33', keptUsd: '0.00' },
    parts: [
      { teamId: 'team_2', teamName: 'speech', chargedUsd: '30.00', partUsd: '16.665' },
      { teamId: 'team_1', teamName: 'vision', chargedUsd: '80.00', partUsd: '16.665' },
    ],
  })
  expect((await get(heliox, '2026-01')).split.method).toBe('none')
  const viewer = await heliox.as('viewer', ['team_1'])
  await expect(
    viewer.trpc.statements.previewSplit.query({ month: '2026-01', split: { method: 'even' } }),
  ).rejects.toMatchObject(code('auth.whole_company'))
})

test('a month without anything is an empty statement, and a month that is none is refused', async () => {
  const heliox = await twoMonths()
  expect(await get(heliox, '2020-01')).toMatchObject({
    teams: [],
    lines: [],
    check: { billUsd: '0.00', differenceUsd: '0.00' },
  })
  for (const month of ['2026-13', '2026-1', 'now'])
    expect((await heliox.fetch(`/api/v1/statements/${month}`)).status).toBe(400)
})

test('an unchanged statement is not sent twice', async () => {
  const heliox = await twoMonths()
  const etag = (await heliox.fetch('/api/v1/statements/2026-01')).headers.get('etag') ?? ''
  const again = () => heliox.fetch('/api/v1/statements/2026-01', { headers: { 'if-none-match': etag } })
  expect((await again()).status).toBe(304)
  await restate(heliox, '2026-01-12', 'gcp h100', '30')
  expect((await again()).status).toBe(200)
})

async function csv(heliox: TestHeliox, path: string): Promise<string> {
  return (await heliox.fetch(path, { headers: { accept: 'text/csv' } })).text()
}
