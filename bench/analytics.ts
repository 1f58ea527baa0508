import { bars, JUDGED } from './bars.ts'
import { QUESTIONS, UNCHANGED } from './questions.ts'
import type { Outcome } from './run.ts'
import type { Table } from './table.ts'
import { growthText, msText, type Times } from './times.ts'
import { DAY_JOBS, measureQuarter, measureYear, type Year } from './year.ts'

/**
 * Years of 100,000, a million and ten million jobs (or of `sizes`): what it takes to import them and to answer questions,
 * how that grows, and how other engines fare with the same question on the same jobs. Asked through HTTP, of the built
 * Worker on workerd (`npm run serve`) and the local database on a durable file; every figure is of answers that were checked.
 */
export async function analytics(sizes: readonly number[]): Promise<Outcome> {
  const wanted = sizes.length > 0 ? [...sizes].sort((a, b) => a - b) : [JUDGED.from, JUDGED.at, JUDGED.to]
  const years: Year[] = []
  const compared = wanted.includes(JUDGED.at) ? JUDGED.at : (wanted.at(-1) ?? JUDGED.at)
  for (const jobs of wanted) years.push(await measureYear(jobs, jobs === compared))
  const quarter = await measureQuarter(compared)
  return { lines: [], tables: [figures(years), bars(years, quarter, compared)] }
}

function figures(years: readonly Year[]): Table {
  const [first, last] = [years[0], years.at(-1)]
  const row = (name: string, textOf: (year: Year) => string, numberOf?: (year: Year) => number | undefined) => {
    const [from, to] = [first && numberOf?.(first), last && numberOf?.(last)]
    const growth = from === undefined || to === undefined || years.length < 2 ? '' : growthText(to / from)
    return [name, ...years.map(textOf), growth]
  }
  const timed = (name: string, timesIn: (year: Year) => Times | null | undefined) =>
    row(
      `${name}, ms`,
      (year) => threeText(timesIn(year)),
      (year) => timesIn(year)?.p95,
    )
  const whole = (value: number | undefined) =>
    value === undefined ? 'not there' : Math.round(value).toLocaleString('en-US')
  return {
    title:
      'Analytics: a year of 12 teams, 40 models and 18 pools. Times of one keep-alive client, p50 / p95 / p99 of 60 to 200 calls, each about another window.',
    head: ['', ...years.map(({ jobs }) => `${whole(jobs)} jobs`), 'last ÷ first (p95)'],
    rows: [
      row('import of the bill, s (rows/s)', ({ bill }) => rateText(bill.seconds, bill.rows)),
      row('import of the jobs, s (rows/s)', ({ jobSeconds, jobs }) => rateText(jobSeconds, jobs)),
      row('  most memory of the Worker over idle, MiB', ({ memory }) => whole(memory.worker), memoryOf('worker')),
      row('  most memory of the database, MiB', ({ memory }) => whole(memory.database), memoryOf('database')),
      row(
        'database on disk, MiB',
        ({ databaseMiB }) => whole(databaseMiB),
        ({ databaseMiB }) => databaseMiB,
      ),
      timed(`one more day, ${whole(DAY_JOBS)} jobs`, ({ oneMoreDay }) => oneMoreDay),
      ...[...QUESTIONS, UNCHANGED].map(({ name }) => timed(name, ({ answers }) => answers.get(name))),
      ...QUESTIONS.filter(({ bar }) => bar).map(({ name }) =>
        row(`  the first of a process: ${name}, ms`, ({ firsts }) => firstText(firsts.get(name))),
      ),
      ...QUESTIONS.map(({ name }) =>
        row(
          `  SQLite steps: ${name}`,
          ({ steps }) => whole(steps.get(name)),
          ({ steps }) => steps.get(name),
        ),
      ),
    ],
  }
}

const memoryOf =
  (whose: 'worker' | 'database') =>
  ({ memory }: Year) =>
    memory[whose]

function threeText(times: Times | null | undefined): string {
  return times ? [times.p50, times.p95, times.p99].map(msText).join(' / ') : 'not there'
}

function firstText(ms: number | undefined): string {
  return ms === undefined ? 'not there' : msText(ms)
}

function rateText(seconds: number, rows: number): string {
  return `${seconds.toFixed(1)} (${Math.round(rows / seconds).toLocaleString('en-US')})`
}
