import Libsql from 'libsql'
import { startStack } from '../worker/local/stack.ts'
import { Caller } from './caller.ts'
import type { Estate } from './estate.ts'
import { QUESTIONS } from './questions.ts'

type Native = { prepare(sql: string): { all(): { steps: number }[] }; close(): void }

/**
 * Steps of SQLite's virtual machine that each question takes in the database, the second time that it is asked: unlike
 * milliseconds the same on every machine. The driver counts no rows; a row that is read takes some ten steps. Runs the
 * Worker on the database of `dataDir` with the database in this process, where its statements can be counted.
 */
export async function databaseWork(dataDir: string, estate: Estate): Promise<Map<string, number>> {
  const opened = new Set<Native>()
  const { prototype } = Libsql as unknown as { prototype: Native }
  const { prepare, close } = prototype
  prototype.prepare = function counted(this: Native, sql: string) {
    opened.add(this)
    return prepare.call(this, sql)
  }
  prototype.close = function forgotten(this: Native) {
    opened.delete(this)
    close.call(this)
  }
  const stepsSoFar = () => {
    let steps = 0
    for (const db of opened) {
      const [row] = prepare
        .call(db, `select sum(nstep) as steps from sqlite_stmt where sql not like '%sqlite_stmt%'`)
        .all()
      steps += Number(row?.steps ?? 0)
    }
    return steps
  }
  const stack = await startStack({ dataDir, isQuiet: true })
  const caller = new Caller(stack.url.href, dataDir)
  try {
    const work = new Map<string, number>()
    for (const { name, path } of QUESTIONS) {
      if ((await caller.get(path(0, estate))).status !== 200) continue
      const before = stepsSoFar()
      await caller.get(path(1, estate))
      work.set(name, stepsSoFar() - before)
    }
    return work
  } finally {
    caller.close()
    await stack.close()
    Object.assign(prototype, { prepare, close })
  }
}
