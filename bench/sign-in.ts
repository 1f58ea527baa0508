import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../worker/local/start-child.ts'
import type { Measurement } from './run.ts'

const TRIES = 200
const WARM_UP = 10
/** Beyond this somebody with patience could tell which e-mails have an account. */
const [LEAST, MOST] = [0.8, 1.25]

type Case = 'an unknown e-mail' | 'a wrong password' | 'an unknown e-mail, shut out' | 'a known e-mail, shut out'
const CASES: readonly Case[] = [
  ...(['an unknown e-mail', 'a wrong password'] as const),
  ...(['an unknown e-mail, shut out', 'a known e-mail, shut out'] as const),
]

/**
 * How long a sign-in takes that is refused, through HTTP against what `npm start` runs: 200 tries of each case, one at a
 * time, in random order. Wrong tries come from another address each, because ten from one address shut it out; those
 * that are shut out come from one address that has tried eleven times.
 */
export async function signIn(): Promise<Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
  const heliox = await startChild(dataDir)
  try {
    const { adminEmail } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { adminEmail: string }
    const millisecondsOf = async (email: string, address: string, wanted: number) => {
      const startedAt = performance.now()
      const response = await fetch(new URL('/api/v1/auth/login', heliox.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': address },
        body: JSON.stringify({ email, password: 'a wrong password' }),
      })
      await response.text()
      if (response.status !== wanted) throw new Error(`${email} from ${address} answered ${response.status}`)
      return performance.now() - startedAt
    }
    const addresses = freshAddresses()
    const [nobody, shut] = ['nobody@heliox.local', '192.0.2.1']
    const tries: Record<Case, () => Promise<number>> = {
      'an unknown e-mail': () => millisecondsOf(nobody, addresses(), 401),
      'a wrong password': () => millisecondsOf(adminEmail, addresses(), 401),
      'an unknown e-mail, shut out': () => millisecondsOf(nobody, shut, 429),
      'a known e-mail, shut out': () => millisecondsOf(adminEmail, shut, 429),
    }
    for (let tried = 0; tried < WARM_UP; tried += 1)
      for (const email of [nobody, adminEmail]) await millisecondsOf(email, shut, 401)
    const times: Record<string, number[]> = Object.fromEntries(CASES.map((name) => [name, []]))
    for (const name of shuffled(CASES.flatMap((name) => Array<Case>(TRIES).fill(name))))
      times[name]?.push(await tries[name]())
    return CASES.map((what) => line(what, median(times[what] ?? []), median(times['a wrong password'] ?? [])))
  } finally {
    heliox.process.kill('SIGTERM')
    await heliox.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function line(what: Case, figure: number, wrong: number): Measurement {
  const ratio = figure / wrong
  if (!(ratio >= LEAST && ratio <= MOST))
    throw new Error(`${what} takes ${ratio.toFixed(2)} of a wrong password: the time tells which e-mails are known`)
  return { what, figure, unit: 'ms', beside: `${ratio.toFixed(3)} of a wrong password, median of ${TRIES}` }
}

/** Private addresses, none twice. */
function freshAddresses(): () => string {
  let given = 0
  return () => {
    given += 1
    return `10.0.${Math.floor(given / 250)}.${(given % 250) + 1}`
  }
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
