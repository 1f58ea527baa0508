import { Hono } from 'hono'
import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { rest } from '../rest.ts'
import { snakeKeys } from '../wire.ts'
import { databaseHealth } from './check-health.ts'
import { detailedHealth } from './detailed-health.ts'
import { metricsText } from './metrics.ts'
import { hasMetricsToken } from './metrics-token.ts'
import { MonitoringState, monitoringState } from './monitoring-state.ts'
import { PROMETHEUS_TEXT } from './prometheus-text.ts'

/** Probes, for anyone: no sign-in, no secrets. */
export const health = new Hono<{ Variables: { asking: Asking } }>()
  .get('/', (c) => c.json({ status: 'ok', timestamp: new Date(c.get('asking').now()).toISOString() }))
  .get('/db', async (c) => {
    const { isUp, durationMs } = await databaseHealth(c.get('asking'))
    return c.json(
      { status: isUp ? 'ok' : 'unavailable', database: isUp ? 'ok' : 'unreachable', duration_ms: durationMs },
      isUp ? 200 : 503,
    )
  })
  .get('/detailed', async (c) => {
    const asking = c.get('asking')
    // Credentials that are wrong, or that nobody can look up, are a stranger's: the answer must come all the same.
    const actor = await asking.actor().catch(() => null)
    const found = await detailedHealth(asking, actor !== null)
    return c.json(snakeKeys(found) as object, found.status === 'unhealthy' ? 503 : 200)
  })

/** For Prometheus, as open as the probes; amounts of money only to who sends METRICS_TOKEN, see docs/metrics.md. */
export const metrics = new Hono<{ Variables: { asking: Asking } }>().get('/', async (c) => {
  const asking = c.get('asking')
  const showsMoney = hasMetricsToken(asking, c.req.header('authorization'))
  const { db, settings, now, log, meter } = asking
  const text = await metricsText({ db, settings, now, log, meter, showsMoney })
  return c.body(text, 200, { 'content-type': PROMETHEUS_TEXT, 'cache-control': 'no-store' })
})

export const monitoringRoutes = [
  rest(
    'GET',
    '/monitoring',
    { summary: 'Whether Heliox itself is well', input: z.object({}), answers: MonitoringState },
    (scope, _asked, asking) => monitoringState(scope, asking),
  ),
]
