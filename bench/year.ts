import { type Compared, compare } from './compare.ts'
import { databaseWork } from './database-work.ts'
import { type Estate, jobFile, laterDay, yearOf } from './estate.ts'
import { BILLED_LATER } from './estate-bill.ts'
import { withEstate } from './imported.ts'
import { type AskedTimes, ask, askUnchanged, BY_TEAM, QUESTIONS, UNCHANGED } from './questions.ts'
import { type Times, timesOf } from './times.ts'

export const DAY_JOBS = 3_000

/** What was measured of a year with so many jobs. */
export type Year = {
  jobs: number
  bill: { rows: number; seconds: number }
  jobSeconds: number
  memory: { worker: number; database: number }
  databaseMiB: number
  /** 3,000 jobs more, of five days one after the other. */
  oneMoreDay: Times
  /** By question; null: not there. */
  answers: Map<string, Times | null>
  /** Milliseconds of the first call of the process, by question. */
  firsts: Map<string, number | undefined>
  /** Steps of SQLite's virtual machine, by question. */
  steps: Map<string, number>
  rivals: Compared[]
}

/** Imports a year, asks every question, then imports five more days of jobs; `withRivals` asks other engines as well. */
export async function measureYear(jobs: number, withRivals: boolean): Promise<Year> {
  const estate = yearOf(jobs)
  return withEstate(estate, async ({ caller, dataDir, bill, jobSeconds, memory, more, say, stop }) => {
    const asked = new Map<string, AskedTimes | null>()
    for (const question of QUESTIONS) asked.set(question.name, await ask(caller, question, estate))
    const firsts = new Map([...asked].map(([name, times]) => [name, times?.firstMs]))
    const answers = new Map<string, Times | null>(asked)
    answers.set(UNCHANGED.name, await askUnchanged(caller, estate))
    say('every question was asked')
    const rivals = withRivals ? await compare(caller, estate) : []
    const days: number[] = []
    for (let at = 0; at < BILLED_LATER; at += 1) {
      const later = laterDay(estate, DAY_JOBS, at)
      days.push((await more(later, jobFile(later, `day${at}-`))) * 1000)
    }
    const databaseMiB = await stop()
    say('the database is asked what it did')
    const steps = await databaseWork(dataDir, estate)
    return { jobs, bill, jobSeconds, memory, databaseMiB, answers, firsts, oneMoreDay: timesOf(days), steps, rivals }
  })
}

/** Two in a hundred had not ended where the other designs were measured. */
const LASTING_SHARE = 0.02

/** As many jobs in 90 days: the shape in which the other designs were measured, and those that are asked here. */
export async function measureQuarter(jobs: number): Promise<{ byTeam: Times | null; rivals: Compared[] }> {
  const estate: Estate = { ...yearOf(jobs), days: 90, lastingShare: LASTING_SHARE }
  return withEstate(estate, async ({ caller }) => ({
    byTeam: await ask(caller, BY_TEAM, estate),
    rivals: await compare(caller, estate),
  }))
}
