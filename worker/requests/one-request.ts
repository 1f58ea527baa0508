import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { modelPrices } from '../../db/schema/prices.ts'
import { requests } from '../../db/schema/requests.ts'
import type { PriceId } from '../../db/units/ids.ts'
import { exactText } from '../../db/units/money.ts'
import { AnsweredDay, AnsweredId } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import type { MeterHandle } from '../gateway/meter/meter-of.ts'
import { ratesFor } from '../gateway/pricing/cost.ts'
import { priceOf, RATE_NAMES } from '../gateway/pricing/price.ts'
import { allow, mayI } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { ofVisibleTeams } from '../teams/team.ts'
import { flushCalls } from './flush-calls.ts'
import { GatewayRequest, requestOf, type StoredRequest, selectRequests } from './request.ts'

export const RequestAsked = z.object({ id: z.string().max(200) })

/** As it was said, to the letter: names and numbers in it are not ours to translate. */
const JsonText = z.string().meta({ contentMediaType: 'application/json', examples: ['{"temperature":0.5}'] })
const Rate = z
  .string()
  .describe('US dollars a million tokens, as decimal text')
  .meta({ examples: ['1.5'] })

/** A call with everything that is known of it. */
export const RequestAlone = GatewayRequest.extend({
  parameters: JsonText.describe('Of the request, without its words'),
  price: z
    .object({
      id: AnsweredId('price'),
      model: z.string(),
      effectiveFrom: AnsweredDay,
      source: z.string().meta({ examples: ['by hand'] }),
      rates: z.array(z.object({ bucket: z.enum(RATE_NAMES), usdPerMillion: Rate })),
    })
    .nullable()
    .describe('What the price book charged it by; null: it did not, or the price is gone'),
  body: z
    .object({ messages: JsonText, response: JsonText })
    .nullable()
    .describe('What was said, where the team keeps it: for its developers and administrators'),
  bodyState: z
    .enum(['kept', 'hidden', 'none'])
    .describe('hidden: it is kept, and not for you; none: the team does not keep it, or it has been forgotten'),
})
export type RequestAlone = z.output<typeof RequestAlone>

/**
 * One call of the actor's teams.
 *
 * @throws HelioxError not_found `requests.no_request`, also for those of other teams
 */
export async function oneRequest(
  scope: Scope,
  { id }: z.output<typeof RequestAsked>,
  meter: MeterHandle | null,
): Promise<RequestAlone> {
  allow(scope, 'requests:read')
  await flushCalls(scope, meter)
  const own = sql`${eq(requests.id, id)} and ${ofVisibleTeams(scope, requests.teamId) ?? sql`1`}`
  const [[row], [more]] = await Promise.all([
    selectRequests(scope.db).where(own),
    scope.db.select({ parametersJson: requests.parametersJson, bodyJson: requests.bodyJson }).from(requests).where(own),
  ])
  if (!row || !more) throw new HelioxError('not_found', 'requests.no_request', `There is no request ${id.slice(0, 60)}`)
  const mayRead = mayI(scope, 'requests:bodies')
  return {
    ...requestOf(row),
    parameters: more.parametersJson,
    price: row.priceId === null ? null : await priceUsed(scope, row, row.priceId),
    body: more.bodyJson !== null && mayRead ? bodyOf(more.bodyJson) : null,
    bodyState: more.bodyJson === null ? 'none' : mayRead ? 'kept' : 'hidden',
  }
}

function bodyOf(text: string): { messages: string; response: string } {
  const { messages = null, response = null } = JSON.parse(text) as { messages?: unknown; response?: unknown }
  return { messages: JSON.stringify(messages), response: JSON.stringify(response) }
}

/** The rates that held for this call: of its tier and its size. */
async function priceUsed({ db }: Scope, row: StoredRequest, id: PriceId): Promise<RequestAlone['price']> {
  const [stored] = await db.select().from(modelPrices).where(eq(modelPrices.id, id))
  if (!stored) return null
  const rates = ratesFor(priceOf(stored), row.serviceTier, requestOf(row).promptTokens ?? 0)
  const { model, effectiveFrom, source } = stored
  const known = RATE_NAMES.flatMap((bucket) => {
    const rate = rates[bucket]
    return rate ? [{ bucket, usdPerMillion: exactText(rate) }] : []
  })
  return { id, model, effectiveFrom, source, rates: known }
}
