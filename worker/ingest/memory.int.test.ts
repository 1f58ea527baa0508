import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startChild } from '../local/start-child.ts'

const COLUMNS = [
  ...['BilledCost', 'BillingAccountId', 'BillingCurrency', 'BillingPeriodEnd', 'BillingPeriodStart'],
  ...['ChargeCategory', 'ChargePeriodEnd', 'ChargePeriodStart', 'EffectiveCost', 'PricingCategory', 'ProviderName'],
  ...['RegionId', 'ServiceName', 'SkuId', 'SubAccountId', 'ChargeDescription'],
]
const BLOCK_ROWS = 10_000
const BLOCKS = 40

/** Ten thousand rows of about 500 bytes; 1.25 each. */
function block(at: number): string {
  const rows = Array.from({ length: BLOCK_ROWS }, (_, row) => {
    const hour = `2026-01-${String((at % 28) + 1).padStart(2, '0')}T${String(row % 24).padStart(2, '0')}`
    return [
      ...['1.25', 'acct', 'USD', '2026-02-01T00:00:00Z', '2026-01-01T00:00:00Z', 'Usage'],
      ...[`${hour}:59:59Z`, `${hour}:00:00Z`, '1.25', 'Standard', 'AWS', `region-${row % 3}`, 'Compute'],
      ...[`SKU${row % 7}`, `sub-${row % 11}`, `${row * 7919} `.repeat(30)],
    ].join(',')
  })
  return `${rows.join('\n')}\n`
}

test('a packed bill of 100 MB passes through a Worker whose heap holds 80 MB, and its memory grows by less than 128 MB', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-memory-'))
  const heliox = await startChild(dataDir, { MINIFLARE_WORKERD_V8_FLAGS: '--max-heap-size=80' })
  try {
    await heliox.call('/api/v1/imports')
    const idle = workerMegabytes(heliox.process.pid)
    let peak = 0
    const watch = setInterval(() => {
      peak = Math.max(peak, workerMegabytes(heliox.process.pid))
    }, 100)
    let bytes = 0
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(gzipSync(`${COLUMNS.join(',')}\n`))),
      async pull(controller) {
        for (let at = 0; at < BLOCKS; at += 1) {
          const text = block(at)
          bytes += text.length
          controller.enqueue(new Uint8Array(gzipSync(text, { level: 1 })))
        }
        controller.close()
      },
    })
    const answer = await heliox.call('/api/v1/imports?format=focus-csv', {
      ...{ method: 'POST', body, duplex: 'half' },
    } as RequestInit)
    clearInterval(watch)
    const { status, result } = (await answer.json()) as {
      status: string
      result: { total_records: number; totals: Record<string, string> }
    }
    expect([status, result.total_records]).toEqual(['success', BLOCKS * BLOCK_ROWS])
    expect(result.totals).toMatchObject({ file_cost_usd: '500000.00', stored_cost_usd: '500000.00' }) // 400,000 × 1.25
    expect(bytes).toBeGreaterThan(100_000_000)
    if (HAS_PROC) expect(peak).toBeGreaterThan(idle / 2)
    expect(peak - idle).toBeLessThan(128)
  } finally {
    heliox.process.kill('SIGTERM')
    await heliox.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 180_000)

/** Elsewhere the small heap alone has to prove it. */
const HAS_PROC = existsSync('/proc/self/stat')

/** Resident memory of the runtimes that the process has started; 0 without /proc. */
function workerMegabytes(parent: number | undefined): number {
  const read = (pid: string, what: string) => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, 'utf8')
    } catch {
      return ''
    }
  }
  const isOurs = (pid: string) => read(pid, 'stat').split(')').at(-1)?.trim().split(' ')[1] === String(parent)
  return (HAS_PROC ? readdirSync('/proc') : [])
    .filter((name) => /^\d+$/.test(name) && isOurs(name) && read(name, 'cmdline').includes('workerd'))
    .reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1] ?? 0) / 1024, 0)
}
