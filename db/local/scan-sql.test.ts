import { expect, test } from 'vitest'
import { statementOf, statementsOf } from './classify-sql.ts'
import { scanSql } from './scan-sql.ts'

test('semicolons in strings, names, comments and trigger bodies do not end a statement', () => {
  const trigger = `create trigger g after insert on t begin update t set a = case when 1 then ';' end; select 1; end`
  const text = `select ';', "a;b", [c;d], \`e;f\` -- ; no
    /* ; neither */ ;; ${trigger}; create table trigger(a); select 2;`
  const sqls = scanSql(text).map(({ sql }) => sql)
  expect(sqls).toHaveLength(4)
  expect(sqls.slice(1)).toEqual([trigger, 'create table trigger(a)', 'select 2'])
  expect(scanSql(' \n-- nothing\n; /* here')).toEqual([])
})

test('parameters are numbered as SQLite numbers them', () => {
  const [statement] = scanSql(`select ?, :a, ?5, ?, @b, :a, $c::d, ?2, ':no', "?", x'00' -- ?`)
  expect(statement?.params).toEqual([null, ':a', null, null, '?5', null, '@b', '$c::d'])
})

test('a statement is known by its verb, also behind table expressions', () => {
  const kinds = {
    'select 1': 'read',
    'values (1)': 'read',
    'with a as (delete_me) select * from a': 'read',
    'WITH RECURSIVE a(x) AS (SELECT 1) INSERT INTO t SELECT x FROM a': 'write',
    'with replace as (select 1) select * from replace': 'read',
    'with a as (select 1) replace into t select * from a': 'write',
    '/* x */ explain delete from t': 'read',
    'replace into t values (1)': 'write',
    'create index i on t(a)': 'write',
    begin: 'begin',
    'begin transaction readonly': 'begin',
    'BEGIN IMMEDIATE': 'begin_write',
    commit: 'end',
    'end transaction': 'end',
    rollback: 'rollback',
    'rollback to savepoint s': 'savepoint',
    'pragma table_info(t)': 'read',
    'pragma main.foreign_keys = off': 'session',
    'pragma foreign_keys': 'read',
    'pragma user_version = 3': 'write',
    'pragma journal_mode': 'read',
  }
  for (const [sql, kind] of Object.entries(kinds)) expect([sql, statementOf(sql).kind]).toEqual([sql, kind])
})

test('what hosted libSQL refuses is refused here', () => {
  const refused = [
    `attach 'other.db' as other`,
    'detach other',
    'vacuum',
    `vacuum into '/tmp/copy.db'`,
    'analyze',
    'create temp table t(a)',
    'create temporary view v as select 1',
    'create table temp.t(a)',
    'create table if not exists "temp".t(a)',
    'pragma journal_mode = delete',
    'pragma main.synchronous(0)',
    'pragma wal_checkpoint',
    'pragma writable_schema = 1',
  ]
  for (const sql of refused) expect(() => statementsOf(sql), sql).toThrow('unsupported statement')
})

test('a text holds exactly one statement where one is asked for', () => {
  expect(() => statementOf('-- none')).toThrow('does not contain any statement')
  expect(() => statementOf('select 1; select 2')).toThrow('more than one statement')
  expect(statementOf('select 1 ; ').sql).toBe('select 1')
})
