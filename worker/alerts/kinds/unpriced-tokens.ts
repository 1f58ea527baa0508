import { z } from 'zod'
import { unpricedModels } from '../../prices/unpriced.ts'
import { whole } from './fields.ts'
import type { AlertKind } from './kind.ts'
import { counted } from './words.ts'

const Params = z.object({
  leastCalls: whole(1, 1_000_000_000)
    .default(1)
    .meta({ title: 'Calls at least', description: 'Of one model in 30 days' }),
})

/** Models that are called and have no price: what they cost is unknown, which is not nothing. The echo is for trying things out. */
export const unpricedTokens: AlertKind<z.output<typeof Params>> = {
  name: 'unpriced_tokens',
  title: 'Tokens without a price',
  describes: 'Models that were called in the last 30 days and have no price, so that their calls have no cost.',
  params: Params,
  of: ['company', 'team'],
  everyMinutes: 15,
  async look(scope, { params, teamId }) {
    const { models } = await unpricedModels(scope)
    return models
      .filter(({ hasPrice, provider, callCount }) => !hasPrice && provider !== 'echo' && callCount >= params.leastCalls)
      .map(({ model, modelAsked, provider, callCount, tokenCount, firstDay, lastDay }) => ({
        ...{ groupKey: JSON.stringify([provider, model, modelAsked]), teamId, href: '/prices' },
        title: `${model} has no price`,
        text: `${counted(callCount, 'call')} of ${provider || 'an unnamed provider'} since ${firstDay} have no cost. Enter a price, then price them again.`,
        facts: [
          { name: 'Calls', value: callCount.toLocaleString('en-US') },
          { name: 'Tokens', value: tokenCount.toLocaleString('en-US') },
          { name: 'Last called', value: lastDay },
        ],
      }))
  },
}
