import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answerJson, startUpstream, type Upstream } from '../gateway/testing-upstream.ts'
import { startGatewayWorker } from '../gateway/testing-worker.ts'
import { ROOT } from '../local/stack.ts'
import { type Family, readExposition, sampleValue } from '../monitoring/read-exposition.ts'
import { COUNTED } from './counted.ts'

/** What Prometheus adds of itself. */
const OF_PROMETHEUS = ['job', 'instance']
const NAME = /\b(heliox_\w+|api_request\w+|model_inference_\w+|active_connections)(?:\{([^}]*)\})?/g

let worker: Awaited<ReturnType<typeof startGatewayWorker>>
let upstream: Upstream
let served: Map<string, Family>

beforeAll(async () => {
  upstream = await startUpstream(({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson()),
  )
  worker = await startGatewayWorker(upstream.url)
  const { stack, baseURL, key } = worker
  const write = async (path: string, body: string) => {
    const headers = {
      'x-api-key': stack.adminApiKey,
      ...(body.startsWith('{') ? { 'content-type': 'application/json' } : {}),
    }
    const response = await fetch(new URL(path, stack.url), { method: 'POST', headers, body })
    expect([path, response.status < 300, response.ok ? '' : await response.text()]).toEqual([path, true, ''])
  }
  await write('/api/v1/budgets', '{"scope":"company","period":"month","limit_usd":"10","mode":"soft"}')
  await write(
    '/api/v1/channels',
    '{"name":"ops","kind":"slack","secrets":{"url":"https://hooks.slack.com/services/T0/B0/x"},"is_enabled":true}',
  )
  await write('/api/v1/backups', '{}')
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
  await write('/api/v1/imports?format=cost-csv', `date,provider,gpu_type,cost_usd\n${yesterday},aws,h100,10\n`)
  const call = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'hello' }] }),
  })
  expect(call.status).toBe(200)
  await worker.metered(1)
  await stack.tick()
  await write('/api/v1/ledger/check', '{}')
  served = await scrape()
})
afterAll(async () => {
  await worker?.close()
  await upstream?.close()
})

async function scrape(): Promise<Map<string, Family>> {
  const answer = await fetch(new URL('/metrics', worker.stack.url))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  return readExposition(await answer.text())
}

/** Names of labels that an expression uses of a metric: those in its braces, those that are grouped by, those in words about it. */
function requireServed(where: string, expression: string): string[] {
  const names: string[] = []
  const labels = new Set<string>(OF_PROMETHEUS)
  for (const [, name = '', inside = ''] of expression.matchAll(NAME)) {
    names.push(name)
    const family = served.get(name) ?? served.get(name.replace(/_(bucket|sum|count)$/, ''))
    expect([where, name, family !== undefined]).toEqual([where, name, true])
    const own = family?.samples.filter((sample) => sample.name === name) ?? []
    expect([where, name, own.length > 0]).toEqual([where, name, true])
    for (const label of own.flatMap((sample) => Object.keys(sample.labels))) labels.add(label)
    for (const [, label = ''] of inside.matchAll(/(\w+)\s*[=!]~?/g))
      expect([where, name, labels]).toEqual([where, name, expect.toSatisfy((all: Set<string>) => all.has(label))])
  }
  for (const [, list = ''] of expression.matchAll(/\bby \(([^)]*)\)/g))
    for (const label of list.split(',')) expect([where, label, labels.has(label.trim())]).toEqual([where, label, true])
  return names
}

test('the documented names are served with their labels, and every counted metric that has happened', () => {
  const labelsOf = (name: string) =>
    [...new Set(served.get(name)?.samples.flatMap(({ labels }) => Object.keys(labels)))].sort()
  expect(labelsOf('api_requests_total')).toEqual(['endpoint', 'method', 'status'])
  expect(labelsOf('api_request_duration_seconds')).toEqual(['endpoint', 'le', 'method'])
  expect(labelsOf('model_inference_seconds')).toEqual(['batch_size', 'le', 'model'])
  expect(served.get('active_connections')).toMatchObject({ type: 'gauge', samples: [{ labels: {} }] })
  expect(sampleValue(served, 'model_inference_seconds_count', { model: 'small', batch_size: '1' })).toBe(1)
  for (const [name, { type, ...more }] of Object.entries(COUNTED))
    expect([name, served.get(name)?.type]).toEqual([name, 'isMoney' in more ? undefined : type])
  expect(sampleValue(served, 'heliox_reconciliation_difference_found')).toBe(0)
})

test('rules use only metrics and labels that are served', () => {
  type Rules = { groups: { rules: { alert: string; expr: string }[] }[] }
  const { groups } = load(readFileSync(join(ROOT, 'ops/prometheus/rules.yml'), 'utf8')) as Rules
  const rules = groups.flatMap((group) => group.rules)
  expect(rules.map(({ alert }) => alert)).toEqual(
    expect.arrayContaining(['HighErrorRate', 'HighLatency', 'BackendDown']),
  )
  for (const { alert, expr } of rules) expect(requireServed(alert, expr).length).toBeGreaterThan(0)
})

test('each alert has a case in which it fires and one in which it does not', () => {
  type Cases = { tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[] }
  const { tests } = load(readFileSync(join(ROOT, 'ops/prometheus/rules.test.yml'), 'utf8')) as Cases
  const cases = tests.flatMap((one) => one.alert_rule_test)
  const rules = readFileSync(join(ROOT, 'ops/prometheus/rules.yml'), 'utf8')
  for (const [, alert] of rules.matchAll(/- alert: (\w+)/g))
    expect([
      alert,
      ...[true, false].map((fires) =>
        cases.some((one) => one.alertname === alert && one.exp_alerts.length > 0 === fires),
      ),
    ]).toEqual([alert, true, true])
})

test('the dashboard uses only metrics and labels that are served, but for the cost, which takes the token', () => {
  type Panel = { id: number; type: string; title: string; gridPos: object; targets?: { expr: string; refId: string }[] }
  const dashboard = JSON.parse(readFileSync(join(ROOT, 'ops/grafana/heliox.json'), 'utf8')) as {
    schemaVersion: number
    panels: Panel[]
  }
  expect(dashboard.schemaVersion).toBe(39)
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
  for (const { title, type, targets = [] } of dashboard.panels) {
    expect([title, ['row', 'stat', 'timeseries'].includes(type), type === 'row' || targets.length > 0]).toEqual([
      title,
      true,
      true,
    ])
    for (const { expr } of targets)
      if (title !== 'Cost') expect(requireServed(title, expr).length).toBeGreaterThan(0)
      else expect(expr).toContain('heliox_model_cost_usd_total')
  }
})

test('requests are written without a scrape', async () => {
  const { stack, db } = worker
  for (let turn = 0; turn < 5; turn += 1) await fetch(new URL('/api/v1/openapi.json', stack.url))
  const count = async () => {
    const { rows } = await db.$client.execute(
      `select sum(count) as n from metric_cells where name = 'api_requests_total' and labels like '%openapi%'`,
    )
    return Number(rows[0]?.n ?? 0)
  }
  for (let turn = 0; (await count()) < 5 && turn < 100; turn += 1)
    await new Promise((resume) => setTimeout(resume, 100))
  expect(await count()).toBe(5)
})
