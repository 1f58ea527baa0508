import type { ModelRow } from './model-queries.ts'

export const ORDERS = ['cost', 'job', 'hour', 'tokens', 'lost'] as const
export type Order = (typeof ORDERS)[number]

/** What an address says; anything else is by cost. */
export function readOrder(text: string | undefined): Order {
  return ORDERS.find((one) => one === text) ?? 'cost'
}

const FIGURE: Record<Order, (row: ModelRow) => string | null> = {
  cost: (row) => row.totalCostUsd,
  job: (row) => row.costPerJobUsd,
  hour: (row) => row.costPerGpuHourUsd,
  tokens: (row) => row.costPerMillionTokensUsd,
  lost: (row) => row.lostCostUsd,
}

/** The models by a figure, the highest first and what nobody knows last; the others and the remainders stay at the end. */
export function sorted(rows: readonly ModelRow[], order: Order): ModelRow[] {
  const figure = (row: ModelRow) => {
    const text = FIGURE[order](row)
    return text === null ? Number.NEGATIVE_INFINITY : Number(text)
  }
  const models = rows.filter(({ kind }) => kind === 'owner')
  const rest = rows.filter(({ kind }) => kind !== 'owner')
  return [...models.sort((a, b) => (figure(a) === figure(b) ? 0 : figure(b) - figure(a))), ...rest]
}
