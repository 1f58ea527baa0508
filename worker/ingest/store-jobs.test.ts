import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { refreshRunning } from '../analytics/refresh-running.ts'
import { shareStale } from '../analytics/share.ts'
import { nano, startHeliox } from '../testing.ts'

const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const COSTS = 'date,provider,gpu_type,cost_usd\n'
const SACCT = 'JobID|Cluster|Account|State|Start|End|AllocTRES|JobName\n'
const WINDOW = { start: '2026-02-01', end: '2026-02-10' }

async function started(now = '2026-03-01T12:00:00Z') {
  const heliox = await startHeliox({ now })
  return {
    ...heliox,
    byTeam: async () => {
      const { rows } = await heliox.trpc.analytics.byTeam.query(WINDOW)
      return Object.fromEntries(rows.map(({ name, totalCostUsd }) => [name, totalCostUsd]))
    },
    /** Σ of what the jobs were charged and what nobody was, by SQL. */
    parts: async () => {
      const [row] = await heliox.db.all<{ sum: bigint }>(sql`select
        (select coalesce(sum(allocation_nano_usd), 0) from job_day_shares) +
        (select coalesce(sum(unallocated_nano_usd), 0) from pool_days) as sum`)
      return row?.sum
    },
    held: async () => {
      const rows = await heliox.db.all<{ day: string; seconds: bigint }>(
        sql`select day, sum(gpu_ms) / 1000 as seconds from job_day_shares group by day order by day`,
      )
      return Object.fromEntries(rows.map(({ day, seconds }) => [day, Number(seconds)]))
    },
  }
}

test('a job id twice in a file: the second is quarantined with its line, the first stays', async () => {
  const { send, db } = await started()
  const row = (team: string) => `a,${team},m,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`
  const { result } = await send('jobs-csv', JOBS + row('one') + row('two'))
  expect(result).toMatchObject({
    inserted: 1,
    failed: 1,
    errors: [{ line: 3, column: 'job_id', code: 'ingest.repeated' }],
  })
  expect(await db.all(sql`select t.name from jobs j join teams t on t.id = j.team_id`)).toEqual([{ name: 'one' }])
})

test('a job that changes its team, its GPUs or its end moves its cost; the days it left are shared again', async () => {
  const { send, byTeam, parts, db } = await started()
  const days = ['2026-02-01', '2026-02-02']
  await send('cost-csv', COSTS + days.flatMap((day) => [`${day},aws,h100,100\n`, `${day},aws,a100,40\n`]).join(''))
  const hour = (id: string, team: string, gpu: string, end: string) =>
    `${id},${team},m,aws,${gpu},1,2026-02-01T22:00:00Z,${end},completed\n`
  await send(
    'jobs-csv',
    JOBS + hour('a', 'one', 'h100', '2026-02-02T02:00:00Z') + hour('b', 'two', 'h100', '2026-02-02T02:00:00Z'),
  )
  // h100: 100 a day over two equal jobs; a100: nobody ran, 2 × 40
  expect(await byTeam()).toEqual({ one: '100.00', two: '100.00', __unallocated__: '80.00' })
  expect(await parts()).toBe(nano('280'))

  // b goes to the a100s and ends on the first day: a has the h100s alone, b one a100 day, the other is nobody's
  expect((await send('jobs-csv', JOBS + hour('b', 'three', 'a100', '2026-02-01T23:00:00Z'))).result).toMatchObject({
    ...{ inserted: 0, updated: 1, unchanged: 0 },
  })
  expect(await byTeam()).toEqual({ one: '200.00', three: '40.00', __unallocated__: '40.00' })
  expect(await parts()).toBe(nano('280'))
  expect(await db.all(sql`select * from pool_days where is_stale = 1`)).toEqual([])
})

test('a running job grows with the clock once it is counted up to now, and ends where its file says', async () => {
  const { send, byTeam, held, moveTo, scope, parts } = await started('2026-02-01T12:00:00Z')
  await send('cost-csv', `${COSTS}2026-02-01,aws,h100,90\n2026-02-02,aws,h100,50\n`)
  const fixed = 'b,two,m,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T06:00:00Z,completed\n'
  await send('jobs-csv', `${JOBS}a,one,m,aws,h100,2,2026-02-01T06:00:00Z,,running\n${fixed}`)
  expect(await held()).toEqual({ '2026-02-01': 2 * 6 * 3600 + 6 * 3600 })
  expect(await byTeam()).toEqual({ one: '60.00', two: '30.00', __unallocated__: '50.00' }) // 12 h and 6 h of 90

  moveTo('2026-02-02T06:00:00Z')
  expect(await refreshRunning(scope)).toBe(1)
  await shareStale(scope)
  expect(await held()).toEqual({ '2026-02-01': 2 * 18 * 3600 + 6 * 3600, '2026-02-02': 2 * 6 * 3600 })
  // 36 h and 6 h of 90: 77.142857143 and 12.857142857, and all of the second day
  expect(await byTeam()).toEqual({ one: '127.142857143', two: '12.857142857' })
  expect(await parts()).toBe(nano('140'))

  await send('jobs-csv', `${JOBS}a,one,m,aws,h100,2,2026-02-01T06:00:00Z,2026-02-01T07:00:00Z,completed\n`)
  expect(await held()).toEqual({ '2026-02-01': 2 * 3600 + 6 * 3600 })
  expect(await byTeam()).toEqual({ one: '22.50', two: '67.50', __unallocated__: '50.00' }) // 2 h and 6 h of 90
})

test('a running job is provisional in its counts: GPU-hours are up to now', async () => {
  const { send } = await started('2026-02-02T00:00:00Z')
  const { result } = await send('jobs-csv', `${JOBS}a,one,m,aws,h100,4,2026-02-01T12:00:00Z,,running\n`)
  expect(result.totals.gpu_hours).toBe('48') // 4 × 12 h
})

test('a pending Slurm job that starts, runs and ends is one job at each step', async () => {
  const { send, db, held } = await started('2026-02-03T00:00:00Z')
  const jobs = () => db.all(sql`select job_id, run, status from jobs`)
  const line = (state: string, start: string, end: string) =>
    `${SACCT}7|atlas|ml|${state}|${start}|${end}|${state === 'PENDING' ? '' : 'gres/gpu:a100=2,gres/gpu=2'}|x\n`
  await send('slurm-sacct', line('PENDING', 'Unknown', 'Unknown'))
  expect(await jobs()).toEqual([{ job_id: '7', run: 'atlas', status: 'pending' }])
  await send('slurm-sacct', line('RUNNING', '2026-02-01T00:00:00', 'Unknown'))
  const run = 'atlas@2026-02-01T00:00:00.000Z'
  expect(await jobs()).toEqual([{ job_id: '7', run, status: 'running' }])
  await send('slurm-sacct', line('COMPLETED', '2026-02-01T00:00:00', '2026-02-01T01:00:00'))
  expect(await jobs()).toEqual([{ job_id: '7', run, status: 'completed' }])
  expect(await held()).toEqual({ '2026-02-01': 2 * 3600 })
})

test('a requeued Slurm job that waits again is its first run and a waiting one, the same after a second import', async () => {
  const { send, db } = await started()
  const text = `${SACCT}7|atlas|ml|REQUEUED|2026-02-01T00:00:00|2026-02-01T01:00:00|gres/gpu=2|x
7|atlas|ml|PENDING|Unknown|Unknown||x\n`
  await send('slurm-sacct', text)
  const jobs = () => db.all(sql`select id, run, status from jobs order by run`)
  const first = await jobs()
  expect(first).toMatchObject([{ run: 'atlas', status: 'pending' }, { status: 'cancelled' }])
  expect((await send('slurm-sacct', text)).result).toMatchObject({ inserted: 0, updated: 2, unchanged: 2 })
  expect(await jobs()).toEqual(first) // the same rows, not new ones in their place
})

const ORDER = sql`select job_id, run, status from jobs order by job_id, run`
const NAMES = { pending: 'PENDING|Unknown|Unknown|', running: 'RUNNING|2026-02-01T00:00:00|Unknown|gres/gpu=2' }
const DONE = 'COMPLETED|2026-02-01T00:00:00|2026-02-01T01:00:00|gres/gpu=2'
const RUN = 'atlas@2026-02-01T00:00:00.000Z'

test('an older export sent later brings no waiting row back beside the started run, and makes no run un-ended', async () => {
  for (const cluster of ['atlas', '']) {
    const { send, db, held } = await started('2026-02-03T00:00:00Z')
    const file = (rest: string) => send('slurm-sacct', `${SACCT}7|${cluster}|ml|${rest}|x\n`)
    await file(NAMES.running)
    const again = await file(NAMES.pending)
    expect(again.result).toMatchObject({ inserted: 0, updated: 1, unchanged: 1, failed: 0 })
    expect(await db.all(ORDER)).toMatchObject([{ status: 'running' }])
    await file(DONE)
    for (const older of [NAMES.running, NAMES.pending])
      expect((await file(older)).result).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 })
    expect(await db.all(ORDER)).toMatchObject([{ status: 'completed' }])
    expect(await held()).toEqual({ '2026-02-01': 2 * 3600 })
  }
})

test('a dry run counts an older waiting row as the import does; a job of the documented files may be put back to waiting', async () => {
  const { send, db } = await started()
  await send('slurm-sacct', `${SACCT}7|atlas|ml|${DONE}|x\n`)
  const dry = await send('slurm-sacct', `${SACCT}7|atlas|ml|${NAMES.pending}|x\n`, '&dry_run=true')
  expect(dry.result).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 })
  const row = (rest: string) => send('jobs-csv', `${JOBS}a,one,m,aws,h100,1,${rest}\n`)
  await row('2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed')
  await row(',,pending')
  expect(await db.all(sql`select status from jobs where job_id = 'a'`)).toEqual([{ status: 'pending' }])
})

test('an older export that knows only the first run of a requeued job leaves its waiting row, a newer one takes it away', async () => {
  const { send, db } = await started('2026-02-03T00:00:00Z')
  const first = '7|atlas|ml|REQUEUED|2026-02-01T00:00:00|2026-02-01T01:00:00|gres/gpu=2|x\n'
  const waits = '7|atlas|ml|PENDING|Unknown|Unknown||x\n'
  await send('slurm-sacct', SACCT + first + waits)
  await send('slurm-sacct', SACCT + first)
  expect(await db.all(ORDER)).toMatchObject([{ run: 'atlas', status: 'pending' }, { status: 'cancelled' }])
  const second = '7|atlas|ml|RUNNING|2026-02-02T00:00:00|Unknown|gres/gpu=2|x\n'
  await send('slurm-sacct', SACCT + first + second)
  expect(await db.all(ORDER)).toMatchObject([{ status: 'cancelled' }, { status: 'running' }])
  // What was exported in between knows one run of two, so it is the older one.
  expect((await send('slurm-sacct', SACCT + first + waits)).result).toMatchObject({ inserted: 0, unchanged: 2 })
  expect(await db.all(ORDER)).toMatchObject([{ status: 'cancelled' }, { status: 'running' }])
})

test('a run that was requeued without a word ends where the next began, until an export tells its end', async () => {
  const { send, db, held } = await started('2026-02-09T00:00:00Z')
  const first = '7|atlas|ml|RUNNING|2026-02-01T00:00:00|Unknown|gres/gpu=2|x\n'
  const second = '7|atlas|ml|RUNNING|2026-02-01T03:00:00|Unknown|gres/gpu=2|x\n'
  const ended = second.replace('RUNNING', 'COMPLETED').replace('Unknown', '2026-02-01T04:00:00')
  await send('slurm-sacct', SACCT + first)
  await send('slurm-sacct', SACCT + second) // sacct without -D shows the last run only
  await send('slurm-sacct', SACCT + ended)
  expect(await db.all(ORDER)).toMatchObject([{ status: 'cancelled' }, { status: 'completed' }])
  expect(await held()).toEqual({ '2026-02-01': 2 * 4 * 3600 }) // 00:00 to 03:00 and 03:00 to 04:00
  const again = await send('slurm-sacct', SACCT + first)
  expect(again.result).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 })
  await send(
    'slurm-sacct',
    SACCT + first.replace('RUNNING', 'REQUEUED').replace('Unknown', '2026-02-01T01:00:00') + ended,
  )
  expect(await held()).toEqual({ '2026-02-01': 2 * 2 * 3600 })

  const other = await started('2026-02-09T00:00:00Z') // and in the other order
  await other.send('slurm-sacct', SACCT + ended)
  await other.send('slurm-sacct', SACCT + first)
  expect(await other.held()).toEqual({ '2026-02-01': 2 * 4 * 3600 })
})

test('a run is one whether an export tells it by its start or by its SLUID, and a waiting one becomes it', async () => {
  const { send, db, held } = await started('2026-02-03T00:00:00Z')
  const named = (sluid: string, rest: string) =>
    send(
      'slurm-sacct',
      `JobID|SLUID|Cluster|Account|State|Start|End|AllocTRES|JobName\n7|${sluid}|atlas|ml|${rest}|x\n`,
    )
  await named('s1AB2CD3EF4G00', NAMES.pending)
  await named('s1AB2CD3EF4G00', NAMES.running)
  await named('s1AB2CD3EF4G00', NAMES.pending)
  expect(await db.all(ORDER)).toEqual([{ job_id: '7', run: 'atlas@s1AB2CD3EF4G00', status: 'running' }])
  expect((await send('slurm-sacct', `${SACCT}7|atlas|ml|${DONE}|x\n`)).result).toMatchObject({
    inserted: 0,
    updated: 1,
  })
  expect(await db.all(ORDER)).toEqual([{ job_id: '7', run: RUN, status: 'completed' }])
  expect((await named('s1AB2CD3EF4G00', DONE)).result).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 })
  expect(await held()).toEqual({ '2026-02-01': 2 * 3600 })
  await named('s9ZZ8YY7XX6W00', DONE) // another run, though it began in the same second
  expect(await db.all(ORDER)).toHaveLength(2)
})

test('one job id from two sources is two jobs; teams are one whatever the case', async () => {
  const { send, db } = await started()
  const row = (team: string) => `${JOBS}a,${team},m,aws,h100,1,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`
  await send('jobs-csv', row('Search'))
  await send('jobs-csv', row('SEARCH'), '&source=second')
  expect(await db.all(sql`select source from jobs order by source`)).toEqual([{ source: '' }, { source: 'second' }])
  expect(await db.all(sql`select name from teams`)).toEqual([{ name: 'Search' }])
})

test('a file fills in a team’s description and budget where there is none, and never replaces one', async () => {
  const { send, db } = await started()
  const teams = (description: string, budget_usd: unknown) =>
    JSON.stringify({ teams: [{ name: 'vision', description, budget_usd }], jobs: [] })
  const team = async () => (await db.all(sql`select description, budget_nano_usd as budget from teams`))[0]
  await send('jobs-json', teams('', null))
  expect(await team()).toEqual({ description: '', budget: null }) // no budget is not a budget of zero
  await send('jobs-json', teams('Images', '1200.50'))
  expect(await team()).toEqual({ description: 'Images', budget: nano('1200.50') })
  await send('jobs-json', teams('Other', 9))
  expect(await team()).toEqual({ description: 'Images', budget: nano('1200.50') })
})

test('the parts of a job over several days sum to its length, and its cost to the bill', async () => {
  const { send, held, byTeam } = await started()
  const days = [1, 2, 3].map((day) => `2026-02-0${day},aws,h100,33.333333333\n`).join('')
  await send('cost-csv', COSTS + days)
  await send('jobs-csv', `${JOBS}a,one,m,aws,h100,3,2026-02-01T23:59:58.500Z,2026-02-03T00:00:01.250Z,completed\n`)
  // whole seconds by differences of floors: 2, 86,400 and 1, times 3 GPUs
  expect(await held()).toEqual({ '2026-02-01': 6, '2026-02-02': 259_200, '2026-02-03': 3 })
  expect(await byTeam()).toEqual({ one: '99.999999999' })
})

test('a job of more than five years is quarantined: each of its days would be a row', async () => {
  const heliox = await startHeliox({ now: '2026-03-01T00:00:00Z' })
  const rows = [
    'a,nlp,aws,h100,2000-01-01T00:00:00Z,,running',
    'b,nlp,aws,h100,2010-01-01T00:00:00Z,2020-01-01T00:00:00Z,completed',
    'c,nlp,aws,h100,2025-03-01T00:00:00Z,,running',
  ]
  const { result } = await heliox.send(
    'jobs-csv',
    ['job_id,team_name,provider,gpu_type,start_time,end_time,status', ...rows].join('\n'),
  )
  expect(result).toMatchObject({ inserted: 1, failed: 2 })
  expect(result.errors.map(({ line, column, code }) => [line, column, code])).toEqual([
    [2, 'start_time', 'ingest.too_long'],
    [3, 'end_time', 'ingest.too_long'],
  ])
  expect(result.totals.gpu_hours).toBe('8760') // one year of one GPU
})
