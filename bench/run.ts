/** `npm run bench` runs every measurement and prints one table at the end; `npm run bench -- NAME` runs one, numbers behind it are sizes. */
import { cpus, totalmem } from 'node:os'
import { buildIfNeeded } from '../worker/local/build.ts'
import { analytics } from './analytics.ts'
import { anomalies } from './anomalies.ts'
import { backup } from './backup.ts'
import { estates } from './estates.ts'
import { forecast } from './forecast.ts'
import { fuzz } from './fuzz.ts'
import { gateway } from './gateway.ts'
import { ingest } from './ingest.ts'
import { kill } from './kill.ts'
import { page } from './page.ts'
import { scale } from './scale.ts'
import { signIn } from './sign-in.ts'
import { type Table, tableText } from './table.ts'

/** One line of the table: a figure, its unit, and what it is measured against in the same run. */
export type Measurement = { what: string; figure: number; unit: string; beside: string }

/** What a bench that measures many things answers: lines of the one table, and tables of its own. */
export type Outcome = { lines: Measurement[]; tables: Table[] }

const BENCHES: Record<string, (sizes: readonly number[]) => Promise<Measurement[] | Outcome>> = {
  ...{ ingest, scale, kill, 'sign-in': signIn, page, analytics, forecast: () => forecast(folder) },
}

/** Where a bench reads its files from: a path, not a name. */
function isFolder(word: string): boolean {
  return word.includes('/')
}

/** Those that take minutes, or prove something rather than measure it: they run when they are named. */
const ON_REQUEST: typeof BENCHES = { fuzz: () => fuzz(), estates, backup, gateway, anomalies: () => anomalies(folder) }

const said = process.argv.slice(2).filter((word) => !isFolder(word))
const folder = process.argv.slice(2).find(isFolder)
const sizes = said.filter((word) => /^[1-9]\d*$/.test(word)).map(Number)
const wanted = said.filter((word) => !/^[1-9]\d*$/.test(word))
const all = { ...BENCHES, ...ON_REQUEST }
const unknown = wanted.filter((name) => !(name in all))
if (unknown.length > 0)
  throw new Error(`no bench called ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`)

buildIfNeeded()
const lines: (Measurement & { bench: string })[] = []
const tables: Table[] = []
for (const [bench, run] of Object.entries(wanted.length > 0 ? all : BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(bench)) continue
  const outcome = await run(sizes)
  for (const measurement of 'lines' in outcome ? outcome.lines : outcome) lines.push({ bench, ...measurement })
  if ('tables' in outcome) tables.push(...outcome.tables)
}
const cpu = cpus()[0]?.model ?? 'unknown CPU'
console.log(
  `\n${cpus().length} × ${cpu}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}\n`,
)
for (const { bench, what, figure, unit, beside } of lines)
  console.log(
    `${bench.padEnd(8)} ${what.padEnd(46)} ${Math.round(figure).toLocaleString('en-US').padStart(10)} ${unit.padEnd(8)} ${beside}`,
  )
for (const table of tables) console.log(`\n${tableText(table)}`)
