import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { TeamId } from '../../db/units/ids.ts'
import { startHeliox, type TestHeliox, type Uploaded } from '../testing.ts'

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const row = (id: string, team: string, gpus = 1) =>
  `${id},${team},m,aws,h100,${gpus},2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`
const COSTS = 'date,provider,gpu_type,cost_usd\n2026-02-01,aws,h100,10\n'
const SACCT = 'JobID|Cluster|Account|State|Start|End|AllocTRES|JobName\n'

async function sendAs(caller: Pick<TestHeliox, 'fetch'>, format: string, text: string, query = ''): Promise<Uploaded> {
  const response = await caller.fetch(`/api/v1/imports?format=${format}${query}`, { method: 'POST', body: text })
  return { httpStatus: response.status, ...((await response.json()) as Omit<Uploaded, 'httpStatus'>) }
}

/** Teams "own" and "other" with a job each, and a developer in the first. */
async function twoTeams() {
  const heliox = await startHeliox({ now: '2026-02-02T00:00:00Z' })
  await heliox.send('jobs-csv', HEADER + row('o1', 'own') + row('x1', 'other'))
  const ids = await heliox.db.all<{ name: string; id: bigint }>(sql`select name, id from teams`)
  const [own, other] = ['own', 'other'].map((name) => `team_${ids.find((team) => team.name === name)?.id}` as TeamId)
  const developer = await heliox.as('developer', [own!])
  return {
    ...{ heliox, own: own!, other: other!, developer },
    sendOwn: (format: string, text: string, query = '') => sendAs(developer, format, text, query),
    jobs: () =>
      heliox.db.all(sql`select j.job_id, j.run, t.name as team, j.gpu_milli / 1000 as gpus, j.status
        from jobs j join teams t on t.id = j.team_id order by j.job_id, j.run`),
    teams: () => heliox.db.all(sql`select name, description, budget_nano_usd as budget from teams order by id`),
  }
}

test('rows of other teams, of teams that do not exist and of jobs that are another team’s are quarantined; the rest is stored', async () => {
  const { sendOwn, jobs, teams } = await twoTeams()
  const file = HEADER + row('o1', 'OWN', 4) + row('x1', 'own', 8) + row('n1', 'other', 8) + row('n2', 'new', 8)
  const before = await jobs()
  const dry = await sendOwn('jobs-csv', `${file}${row('n3', 'own')}`, '&dry_run=true')
  expect(await jobs()).toEqual(before)
  const { httpStatus, status, message, result } = await sendOwn('auto', `${file}${row('n3', 'own')}`)
  expect([httpStatus, status, message]).toEqual([200, 'partial_success', '2 of 5 rows stored, 3 quarantined'])
  expect(result).toMatchObject({ total_records: 5, inserted: 1, updated: 1, unchanged: 0, failed: 3 })
  expect(result.errors.map(({ line, column, code, message: reason }) => [line, column, code, reason])).toEqual([
    [3, 'job_id', 'ingest.other_team', 'a job with this id belongs to another team'],
    [4, 'team_name', 'ingest.other_team', '"other" is not one of your teams'],
    [5, 'team_name', 'ingest.other_team', '"new" is not one of your teams'],
  ])
  expect(result.totals.gpu_hours).toBe('5') // 4 GPUs and 1 for an hour; what was refused is not in it
  expect(dry.result).toEqual(result)
  expect(await jobs()).toMatchObject([
    { job_id: 'n3', team: 'own' },
    { job_id: 'o1', team: 'own', gpus: 4n },
    { job_id: 'x1', team: 'other', gpus: 1n },
  ])
  expect(await teams()).toHaveLength(2)
  const again = await sendOwn('auto', `${file}${row('n3', 'own')}`)
  expect(again.result).toMatchObject({ inserted: 0, updated: 2, unchanged: 2, failed: 3 })
})

test('a file in which no row is one’s own stores nothing and says so', async () => {
  const { sendOwn, jobs } = await twoTeams()
  const before = await jobs()
  const { status, message, result } = await sendOwn('jobs-csv', HEADER + row('a', 'other') + row('b', 'other'))
  expect([status, message]).toEqual(['failed', 'No row of 2 could be stored; the reasons are listed'])
  expect(result).toMatchObject({ inserted: 0, updated: 0, failed: 2, totals: { gpu_hours: '0' } })
  expect(await jobs()).toEqual(before)
})

test('a large file with other teams’ rows all over is counted to the row', async () => {
  const { sendOwn, heliox } = await twoTeams()
  const rows = Array.from({ length: 24_000 }, (_, at) => row(`big-${at}`, at % 3 === 0 ? 'other' : 'own'))
  const { result, import_id } = await sendOwn('jobs-csv', HEADER + rows.join(''))
  expect(result).toMatchObject({ total_records: 24_000, inserted: 16_000, updated: 0, failed: 8_000 })
  expect(result.totals.gpu_hours).toBe('16000')
  const [counted] = await heliox.db.all(sql`select (select count(*) from jobs) as jobs,
    (select count(*) from quarantined_rows where import_id = ${BigInt(import_id.slice(4))}) as refused`)
  expect(counted).toEqual({ jobs: 16_002n, refused: 8_000n })
})

test('of two teams that send the same new job at once one has it, and the other one’s row is quarantined', async () => {
  const { heliox, own, other, jobs } = await twoTeams()
  const senders = [await heliox.as('developer', [own]), await heliox.as('developer', [other])]
  const ids = Array.from({ length: 40 }, (_, at) => `race-${at}`)
  const answers = await Promise.all(
    senders.map((sender, at) =>
      sendAs(sender, 'jobs-csv', HEADER + ids.map((id) => row(id, at === 0 ? 'own' : 'other')).join('')),
    ),
  )
  expect(answers.map(({ result }) => result.inserted + result.failed)).toEqual([40, 40])
  expect(answers.reduce((sum, { result }) => sum + result.inserted, 0)).toBe(40)
  expect(answers.map(({ result }) => result.updated)).toEqual([0, 0])
  expect(await jobs()).toHaveLength(42)
})

test('a started Slurm job takes the place of its own waiting row, never of another team’s', async () => {
  const { heliox, sendOwn, jobs } = await twoTeams()
  const waiting = (id: string, team: string) => `${id}|atlas|${team}|PENDING|Unknown|Unknown||x\n`
  const started = (id: string) => `${id}|atlas|own|RUNNING|2026-02-01T00:00:00|Unknown|gres/gpu=2|x\n`
  await heliox.send('slurm-sacct', SACCT + waiting('7', 'own') + waiting('8', 'other'))
  const { result } = await sendOwn('slurm-sacct', SACCT + started('7') + started('8'))
  expect(result).toMatchObject({ inserted: 1, failed: 1, errors: [{ line: 3, column: 'job_id' }] })
  expect(await jobs()).toMatchObject([
    { job_id: '7', run: 'atlas@2026-02-01T00:00:00.000Z', team: 'own', status: 'running' },
    { job_id: '8', run: 'atlas', team: 'other', status: 'pending' },
    ...[{ job_id: 'o1' }, { job_id: 'x1' }],
  ])
})

test('another team’s run is theirs by its SLUID as by its start, and their started run hides no waiting row of one’s own', async () => {
  const { heliox, sendOwn, jobs } = await twoTeams()
  const header = 'JobID|SLUID|Cluster|Account|State|Start|End|AllocTRES|JobName\n'
  const row = (sluid: string, team: string, rest: string) => `7|${sluid}|atlas|${team}|${rest}|x\n`
  const runs = 'RUNNING|2026-02-01T00:00:00|Unknown|gres/gpu=2'
  await heliox.send('slurm-sacct', header + row('', 'other', runs))
  expect((await sendOwn('slurm-sacct', header + row('s1AB2CD3EF4G00', 'own', runs))).result).toMatchObject({
    ...{ inserted: 0, updated: 0, failed: 1, errors: [{ column: 'job_id', code: 'ingest.other_team' }] },
  })
  const { result } = await sendOwn('slurm-sacct', header + row('', 'own', 'PENDING|Unknown|Unknown|'))
  expect(result).toMatchObject({ inserted: 1, failed: 0 })
  expect((await jobs()).slice(0, 2)).toMatchObject([
    { run: 'atlas', team: 'own', status: 'pending' },
    { run: 'atlas@2026-02-01T00:00:00.000Z', team: 'other', status: 'running' },
  ])
})

test('another cluster’s job of the same number, and an older run of it, are other jobs: nobody’s rows are in their way', async () => {
  const { heliox, sendOwn, jobs } = await twoTeams()
  const run = (cluster: string, team: string, day: string) =>
    `900|${cluster}|${team}|COMPLETED|2026-01-${day}T00:00:00|2026-01-${day}T01:00:00|gres/gpu=1|x\n`
  await heliox.send('slurm-sacct', SACCT + run('c1', 'other', '10'))
  const { result } = await sendOwn('slurm-sacct', SACCT + run('c2', 'own', '10') + run('c1', 'own', '20'))
  expect(result).toMatchObject({ inserted: 2, failed: 0 })
  const stolen = await sendOwn('slurm-sacct', SACCT + run('c1', 'own', '10'))
  expect(stolen.result).toMatchObject({ inserted: 0, updated: 0, failed: 1 })
  expect(await jobs()).toMatchObject([
    { run: 'c1@2026-01-10T00:00:00.000Z', team: 'other' },
    { run: 'c1@2026-01-20T00:00:00.000Z', team: 'own' },
    { run: 'c2@2026-01-10T00:00:00.000Z', team: 'own' },
    ...[{ job_id: 'o1' }, { job_id: 'x1' }],
  ])
})

test('a file’s teams: a developer fills in the description of an own team, no budget, no other team, no new one', async () => {
  const { heliox, sendOwn, teams } = await twoTeams()
  const list = ['own', 'other', 'new'].map((name) => ({ name, description: `about ${name}`, budget_usd: '100' }))
  const job = { job_id: 'n', provider: 'aws', gpu_type: 'h100', start_time: '2026-02-01', end_time: '2026-02-02' }
  const jobs = [{ ...job, team_name: 'own', status: 'completed' }]
  const { message } = await sendOwn('jobs-json', JSON.stringify({ teams: list, jobs }))
  expect(message).toBe('1 row stored. Its budgets were left out: an administrator or finance sets them')
  expect(await teams()).toEqual([
    { name: 'own', description: 'about own', budget: null },
    { name: 'other', description: '', budget: null },
  ])
  expect((await heliox.send('jobs-json', JSON.stringify({ teams: list, jobs }))).message).toBe('1 row stored')
  expect(await teams()).toMatchObject([{ budget: 100_000_000_000n }, { description: 'about other' }, { name: 'new' }])
})

test('a bill needs the whole company: 403 before anything is kept, stated or recognised, dry or not', async () => {
  const { heliox, developer, sendOwn } = await twoTeams()
  const history = async () => (await heliox.trpc.imports.list.query({})).total
  const before = await history()
  for (const query of ['', '&dry_run=true'])
    for (const format of ['cost-csv', 'auto'])
      expect(await sendOwn(format, COSTS, query)).toMatchObject({
        ...{ httpStatus: 403, error: { code: 'auth.whole_company' } },
      })
  expect(await history()).toBe(before)
  expect((await developer.trpc.imports.list.query({})).total).toBe(0)
  expect(await heliox.db.all(sql`select * from ledger_costs`)).toEqual([])
})

test('who only reads sends no file: viewers and finance are refused before the body is looked at', async () => {
  const { heliox, own } = await twoTeams()
  for (const role of ['viewer', 'finance'] as const)
    for (const text of [HEADER + row('a', 'own'), 'not a file at all'])
      expect(await sendAs(await heliox.as(role, [own]), 'auto', text)).toMatchObject({
        ...{ httpStatus: 403, error: { code: 'auth.role' } },
      })
})

test('a developer without a team may send, and every row is quarantined', async () => {
  const { heliox } = await twoTeams()
  const { result } = await sendAs(await heliox.as('developer'), 'jobs-csv', HEADER + row('a', 'own'))
  expect(result).toMatchObject({ inserted: 0, failed: 1, errors: [{ code: 'ingest.other_team' }] })
})
