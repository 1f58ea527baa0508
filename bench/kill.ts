import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../worker/local/start-child.ts'
import { focusMillion, jobsMillion } from './million.ts'
import type { Measurement } from './run.ts'
import { send, wrongIn } from './scale.ts'

const ROWS = Number(process.env.KILL_ROWS ?? 1_000_000)
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 10)
/** About as long as an import takes where nobody kills it: kills are spread over it. */
const LONGEST_MS = Number(process.env.KILL_WITHIN_MS ?? 15_000)

/**
 * Kills Heliox (SIGKILL, the database with it) at a random moment of an import of a million rows, starts it again, goes on
 * with `resume`, and compares every total with what was made; ten times, bills and jobs in turn.
 */
export async function kill(): Promise<Measurement[]> {
  const lines: Measurement[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const format = round % 2 === 0 ? 'focus-csv' : 'jobs-csv'
    const file = format === 'focus-csv' ? focusMillion(ROWS) : jobsMillion(ROWS)
    const dataDir = mkdtempSync(join(tmpdir(), 'heliox-bench-'))
    try {
      const afterMs = Math.round(Math.random() * LONGEST_MS)
      const found = await killedAfter(afterMs, dataDir, format, file)
      const total = await exactTotals(dataDir, format, file, found)
      lines.push({
        what: `${format}, killed`,
        figure: afterMs / 1000,
        unit: 's',
        beside: `found ${found.state}; ${total}`,
      })
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  }
  return lines
}

type Found = { importId: string | null; state: string }

async function killedAfter(
  afterMs: number,
  dataDir: string,
  format: string,
  file: ReturnType<typeof focusMillion>,
): Promise<Found> {
  const heliox = await startChild(dataDir, { MAX_UPLOAD_MB: '1000' })
  const sending = send(heliox.call, format, file).then(
    () => 'done',
    () => 'broken',
  )
  const timer = new Promise<string>((resume) => setTimeout(() => resume('killed'), afterMs))
  await Promise.race([sending, timer])
  heliox.process.kill('SIGKILL')
  await heliox.ended
  await sending
  return { importId: null, state: '' }
}

/** Starts again, goes on with what broke off, and answers in words how the totals stand. */
async function exactTotals(
  dataDir: string,
  format: string,
  file: ReturnType<typeof focusMillion>,
  found: Found,
): Promise<string> {
  const heliox = await startChild(dataDir, { MAX_UPLOAD_MB: '1000' })
  try {
    const latest = async () => {
      const { imports } = (await (await heliox.call('/api/v1/imports?limit=1')).json()) as {
        imports: { import_id: string; status: string; rows_read: number }[]
      }
      return imports[0]
    }
    let last = await latest()
    found.state = last ? `${last.status} after ${last.rows_read.toLocaleString('en-US')} rows` : 'nothing'
    // What was read whole goes on by itself.
    while (last?.status === 'storing' || last?.status === 'reading') {
      await new Promise((resume) => setTimeout(resume, 500))
      last = await latest()
    }
    const answer =
      last?.status === 'success'
        ? ((await (await heliox.call(`/api/v1/imports/${last.import_id}`)).json()) as Awaited<ReturnType<typeof send>>)
        : await send(heliox.call, format, file, false, last ? `&resume=${last.import_id}` : '')
    const wrong = wrongIn(answer.result, format, file)
    if (wrong) throw new Error(`after a kill: ${wrong}`)
    const asked = 'start=2026-01-01&end=2026-12-31'
    const both = (await (await heliox.call(`/api/v1/analytics/reconciliation?${asked}`)).json()) as Record<
      string,
      string
    >
    if (both.difference_usd !== '0.00') throw new Error(`after a kill: difference ${both.difference_usd}`)
    return 'resumed, totals exact, difference 0.00'
  } finally {
    heliox.process.kill('SIGTERM')
    await heliox.ended
  }
}
