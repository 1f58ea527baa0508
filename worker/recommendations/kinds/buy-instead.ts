import { doorTo } from '../doors.ts'
import type { AdviceKind } from './kind.ts'
import { COMPANY_ONLY } from './missing.ts'

/** Models on own GPUs whose tokens would cost less to buy. */
export const buyInstead: AdviceKind = {
  kind: 'buy-instead',
  name: 'Own GPUs or an API',
  how: 'What a served model’s deployments cost on the days that have a bill, less the same tokens at the price book. The other way round, whether own GPUs would be cheaper than an API, needs how many tokens an hour they serve.',
  find: ({ served, pools, models, window }) => {
    if (pools === null) return COMPANY_ONLY
    const href = (model: string) => doorTo('/unit-economics', window, { model })
    const priced = served.filter(
      ({ listCostNanoUsd, allocationCostNanoUsd }) => listCostNanoUsd !== null && allocationCostNanoUsd !== null,
    )
    const found = priced.flatMap((one) => {
      const [own, list] = [one.allocationCostNanoUsd ?? 0n, one.listCostNanoUsd ?? 0n]
      if (own <= list) return []
      return [
        {
          ...{ thing: one.model, teamId: null, effort: 'high' as const, href: href(one.model) },
          title: `Buying ${one.model} would cost less than serving it`,
          action: `Serve more tokens on the same GPUs (break-even: ${one.breakEvenTokensPerDay ?? '–'} a day), or buy them`,
          formula: `What its deployments cost − ${one.costedTokens} tokens at the price book`,
          confidence: (one.costedDayCount >= 14 ? 'medium' : 'low') as 'medium' | 'low',
          because: `${one.costedDayCount} days with a bill; the price book says what ${one.model} costs to buy, not whether it is as good or may leave the house`,
          evidence: [
            {
              what: 'Own GPUs',
              note: `${one.costedDayCount} days`,
              costNanoUsd: own,
              gpuSeconds: one.gpuSeconds,
              href: href(one.model),
            },
            {
              what: 'Bought',
              note: `${one.costedTokens} tokens at the price book`,
              costNanoUsd: list,
              gpuSeconds: null,
              href: '/prices',
            },
          ],
          claims: [
            {
              path: [{ id: JSON.stringify(['served', one.model]), costNanoUsd: own }],
              touchedNanoUsd: own,
              savedNanoUsd: own - list,
            },
          ],
          isWorth: one.costedTokens > 0,
        },
      ]
    })
    const unpriced = served.filter((one) => one.listCostNanoUsd === null)
    const bought = [...models].filter(([, read]) => read.served.size === 0 && read.calls.length > 0)
    return {
      found,
      notLooked: [
        ...unpriced.map((one) => ({
          thing: one.model,
          missing: 'The price book does not say what it costs to buy, or no token was metered',
        })),
        ...(bought.length > 0
          ? [
              {
                thing: `${bought.length} bought models on own GPUs`,
                missing: 'How many tokens an hour your GPUs would serve of them nobody has measured',
              },
            ]
          : []),
      ],
    }
  },
}
