import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startStack } from '../local/stack.ts'

test('the built Worker knows its migrations and its clock, and says more to who has a key than to a stranger', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-health-'))
  const stack = await startStack({ dataDir, isQuiet: true, synchronous: 'NORMAL' })
  onTestFinished(async () => {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await stack.tick()
  const ask = (headers: Record<string, string>) => fetch(new URL('/health/detailed', stack.url), { headers })
  const response = await ask({ 'x-api-key': stack.adminApiKey })
  const health = (await response.json()) as { status: string; checks: { name: string; message: string | null }[] }
  expect([response.status, health.status]).toEqual([200, 'healthy'])
  expect(health.checks.map(({ name, message }) => [name, message])).toEqual([
    ['database', 'The database answers'],
    ['migrations', 'The database has every migration'],
    ['clock', 'The clock runs'],
    ['ledger', 'Costs are shared out'],
    ['sources', 'No source is pulled by the clock'],
    ['prices', 'Every model that was called has a price'],
    ['backends', 'The gateway has no backend'],
    ['backup', 'Backups are made'],
  ])
  const stranger = (await (await ask({})).json()) as typeof health
  expect(stranger.checks.map(({ message }) => message)).toEqual(Array.from({ length: 8 }, () => null))
})
