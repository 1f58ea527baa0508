import { Hono } from 'hono'
import type { Asking } from '../asking.ts'
import { databaseHealth } from './check-health.ts'

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
