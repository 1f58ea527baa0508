import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { readBatch } from '../../db/client.ts'
import { idText } from '../../db/units/ids.ts'
import { AnsweredId } from '../answer-fields.ts'
import { DAYS_IN_ORDER, DayRange, daysInOrder } from '../day-range.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { inDays } from './request-filters.ts'

export const RequestFacetsAsked = z.object(DayRange).refine(daysInOrder, DAYS_IN_ORDER)

/** What calls of these days can be narrowed by, the busiest first. */
export const RequestFacets = z.object({
  models: z.array(z.string()).describe('As asked for'),
  backends: z.array(z.string()),
  keys: z.array(z.object({ id: AnsweredId('key'), name: z.string() })),
  users: z.array(z.object({ id: AnsweredId('user'), name: z.string() })),
})

const MOST = 200n

/** Models, backends, keys and people of the calls that the actor sees, from the sums of days. */
export async function requestFacets(
  scope: Scope,
  asked: z.output<typeof RequestFacetsAsked>,
): Promise<z.output<typeof RequestFacets>> {
  allow(scope, 'requests:read')
  const busiest = (value: SQL, name: SQL, more = sql``) => sql`select ${value} as value, ${name} as name
    from gateway_days ${more} where ${inDays(scope, asked)} and ${value} not in (0, '')
    group by 1 order by sum(gateway_days.request_count) desc, 1 limit ${MOST}`
  const answers = await readBatch(scope.db, [
    busiest(sql`gateway_days.model_asked`, sql`gateway_days.model_asked`),
    busiest(sql`gateway_days.backend`, sql`gateway_days.backend`),
    busiest(sql`gateway_days.key`, sql`k.name`, sql`left join api_keys k on k.id = gateway_days.key`),
    busiest(sql`gateway_days.user`, sql`u.email`, sql`left join users u on u.id = gateway_days.user`),
  ])
  const [models = [], backends = [], keys = [], users = []] = answers.map(({ rows }) => rows)
  const text = (row: (typeof models)[number]) => String(row.value)
  const named =
    <P extends 'key' | 'user'>(prefix: P) =>
    (row: (typeof models)[number]) => {
      const id = idText(prefix, row.value as unknown as bigint)
      return { id, name: row.name === null ? id : String(row.name) }
    }
  return {
    ...{ models: models.map(text), backends: backends.map(text) },
    ...{ keys: keys.map(named('key')), users: users.map(named('user')) },
  }
}
