import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { idText } from '../../../db/units/ids.ts'
import { standingsOf } from '../../backends/standings.ts'
import type { AlertKind } from './kind.ts'

const Params = z.object({
  of: z.enum(['both', 'probe', 'breaker']).default('both').meta({
    title: 'Told by',
    description: 'probe: it did not answer the clock. breaker: calls of it failed, and it is not asked for a while',
  }),
})

/** A backend of the gateway that does not answer. */
export const backendDown: AlertKind<z.output<typeof Params>> = {
  name: 'backend_down',
  title: 'Backend down',
  describes:
    'An enabled backend of the gateway that failed its last probe, or whose breaker is open after failed calls.',
  params: Params,
  of: ['company'],
  everyMinutes: 1,
  async look(scope, { params }) {
    type Row = { id: bigint; name: string; isWell: bigint | null; message: string | null; atMs: bigint | null }
    const rows = await scope.db.all<Row>(sql`
      select b.id, b.name, h.is_well as isWell, h.message, h.checked_at_ms as atMs
      from backends b left join backend_health h on h.backend_id = b.id where b.is_enabled = 1 order by b.id`)
    const standings = params.of === 'probe' || rows.length === 0 ? new Map() : await standingsOf(scope)
    return rows.flatMap(({ id, name, isWell, message, atMs }) => {
      const backendId = idText('bknd', id)
      const isIll = params.of !== 'breaker' && isWell === 0n
      const isOpen = standings.get(backendId)?.breaker === 'open'
      if (!isIll && !isOpen) return []
      const probed = atMs === null ? [] : [{ name: 'Probed', value: new Date(Number(atMs)).toISOString() }]
      return [
        {
          ...{ groupKey: backendId, teamId: null, href: '/backends' },
          title: `Backend ${name} is down`,
          text: isIll
            ? `It failed its last probe: ${message ?? ''}`
            : 'Calls of it failed one after the other; it is not asked for a while.',
          facts: [...probed, { name: 'Breaker', value: isOpen ? 'open' : 'closed' }],
        },
      ]
    })
  },
}
