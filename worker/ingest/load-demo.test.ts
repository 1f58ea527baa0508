import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

test('an administrator loads the demo into an empty ledger, once; it stands in the history and in the audit log', async () => {
  const heliox = await startHeliox()
  const admin = await heliox.as('admin')
  expect((await admin.write('POST', '/api/v1/demo')).status).toBe(201)
  expect(await admin.json('/api/v1/demo')).toEqual({ is_loaded: true })
  const { imports } = await admin.trpc.imports.list.query({})
  expect(imports.map(({ fileName, status }) => [fileName, status])).toEqual([
    ['demo-batch-tokens.csv', 'success'],
    ['demo-usage.csv', 'success'],
    ['demo-jobs.json', 'success'],
    ['demo-aws-bill.csv', 'success'],
    ['demo-costs.csv', 'success'],
  ])
  expect(await admin.trpc.demo.load.mutate()).toEqual({ isLoaded: true })
  expect((await admin.trpc.imports.list.query({})).total).toBe(5)
  const { entries } = await admin.trpc.audit.list.query({ action: 'demo.load' })
  expect(entries).toHaveLength(1)
})

test('beside real costs or jobs there is no demo, and for nobody but administrators', async () => {
  const heliox = await startHeliox()
  const finance = await heliox.as('finance')
  expect((await finance.write('POST', '/api/v1/demo')).body.error.code).toBe('auth.role')
  await heliox.send('cost-csv', 'date,provider,gpu_type,cost_usd\n2026-02-10,aws,h100,1.00\n')
  const { status, body } = await heliox.write('POST', '/api/v1/demo')
  expect([status, body.error.code]).toEqual([409, 'demo.not_empty'])
  expect(await heliox.json('/api/v1/demo')).toEqual({ is_loaded: false })
})
