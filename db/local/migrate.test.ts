import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import { expect, onTestFinished, test } from 'vitest'
import { MIGRATIONS, migrateUp, migrationStatus, rollbackLast } from './migrate.ts'

function empty() {
  const folder = mkdtempSync(join(tmpdir(), 'heliox-migrate-'))
  const client = createClient({ url: `file:${join(folder, 'm.db')}` })
  onTestFinished(() => {
    client.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const objects = async () => {
    const { rows } = await client.execute(
      `select type, name from sqlite_master where name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\' order by 1, 2`,
    )
    return rows.map(({ type, name }) => `${type} ${name}`)
  }
  return { client, objects }
}

test('every migration goes up, down and up again, and a rollback leaves what was there before it', async () => {
  const { client, objects } = empty()
  const count = readdirSync(MIGRATIONS).filter((name) => /^\d{4}_.*(?<!\.down)\.sql$/.test(name)).length
  await migrateUp(client)
  const all = await objects()
  expect(all.length).toBeGreaterThan(25)
  expect((await migrationStatus(client)).map(({ isApplied }) => isApplied)).toEqual(Array(count).fill(true))
  for (let left = count; left > 0; left -= 1) {
    expect(await rollbackLast(client)).toMatch(/^\d{4}_/)
    expect((await migrationStatus(client)).filter(({ isApplied }) => isApplied)).toHaveLength(left - 1)
  }
  expect(await objects()).toEqual([])
  expect(await rollbackLast(client)).toBe(null)
  await migrateUp(client)
  await migrateUp(client)
  expect(await objects()).toEqual(all)
})

test('every table is STRICT: money cannot become a float, whatever writes it', async () => {
  const { client } = empty()
  await migrateUp(client)
  const { rows } =
    await client.execute(`select name, strict from pragma_table_list where schema = 'main' and type = 'table'
    and name not like 'sqlite_%' and name not like '\\_\\_%' escape '\\'`)
  expect(rows.length).toBeGreaterThan(12)
  expect(rows.filter(({ strict }) => strict !== 1).map(({ name }) => name)).toEqual([])
  await client.execute(`insert into pools (id, provider, gpu_type) values (1, 'aws', 'h100')`)
  const cost = (amount: string) =>
    `insert into cost_entries (entry_date, pool_id, dimension_id, billed_nano_usd, effective_nano_usd) values ('2026-01-01', 1, 1, ${amount}, 1)`
  await expect(client.execute(cost('1.5'))).rejects.toThrow(/cannot store REAL/)
  await client.execute(cost('1'))
  await expect(client.execute(cost('2'))).rejects.toThrow(/UNIQUE constraint failed/) // a direct duplicate
})

test('names that are not normal, unknown states and jobs that end before they start are refused by the tables themselves', async () => {
  const { client } = empty()
  await migrateUp(client)
  await expect(client.execute(`insert into pools (provider, gpu_type) values ('AWS', 'h100')`)).rejects.toThrow(/CHECK/)
  await client.executeMultiple(`insert into pools (id, provider, gpu_type) values (1, 'aws', 'h100');
    insert into teams (id, name, created_at_ms) values (1, 'NLP', 0)`)
  await expect(client.execute(`insert into teams (name, created_at_ms) values ('nlp', 0)`)).rejects.toThrow(/UNIQUE/)
  const job = (status: string, start: number, end: number) =>
    client.execute(
      `insert into jobs (job_id, team_id, pool_id, started_at_ms, ended_at_ms, status) values ('j', 1, 1, ${start}, ${end}, '${status}')`,
    )
  await expect(job('done', 1, 2)).rejects.toThrow(/CHECK/)
  await expect(job('completed', 2, 1)).rejects.toThrow(/CHECK/)
  await job('completed', 1, 2)
  await client.execute('delete from teams')
  expect((await client.execute('select count(*) as n from jobs')).rows[0]?.n).toBe(0) // a team's jobs go with it
})

test('people who were in a team stay in it, signed in, and owners of what they sent', async () => {
  const { client } = empty()
  await migrateUp(client)
  while ((await migrationStatus(client)).findLast(({ isApplied }) => isApplied)?.name !== '0002_accounts')
    await rollbackLast(client)
  await client.executeMultiple(`insert into teams (id, name, created_at_ms) values (4, 'nlp', 0);
    insert into users (id, email, role, team_id, password_hash, created_at_ms) values (7, 'a@b.c', 'viewer', 4, 'x', 0), (8, 'd@e.f', 'admin', null, 'x', 0);
    insert into sessions (id_hash, user_id, family, kind, created_at_ms, expires_at_ms) values ('h', 7, 'f', 'browser', 0, 1);
    insert into imports (format, source, status, user_id, actor, started_at_ms, progressed_at_ms) values ('cost-csv', '', 'success', 7, 'a@b.c', 0, 0)`)
  await migrateUp(client)
  const all = async (sql: string) => (await client.execute(sql)).rows.map((row) => Object.values(row))
  expect(await all('select user_id, team_id from team_members')).toEqual([[7, 4]])
  expect(await all('select id, email from users order by id')).toEqual([
    [7, 'a@b.c'],
    [8, 'd@e.f'],
  ])
  expect(await all('select id_hash, user_id from sessions')).toEqual([['h', 7]])
  expect(await all('select user_id from imports')).toEqual([[7]])
  expect(await all('pragma foreign_key_check')).toEqual([])
  await client.execute('delete from users where id = 7')
  expect(await all('select count(*) from sessions')).toEqual([[0]])
  while ((await rollbackLast(client)) !== '0003_people_in_teams');
  expect(await all("select name from sqlite_master where name like 'kept%'")).toEqual([])
})

test('nobody changes or removes a line of the audit log', async () => {
  const { client } = empty()
  await migrateUp(client)
  await client.execute(`insert into audit_log (at_ms, actor_id, actor, address, request_id, action, target_id, target)
    values (0, '', 'x', '', '', 'teams.create', 'team_1', 'nlp')`)
  await expect(client.execute(`update audit_log set actor = 'y'`)).rejects.toThrow(/append-only/)
  await expect(client.execute('delete from audit_log')).rejects.toThrow(/append-only/)
})
