import { useSearchParams } from '@solidjs/router'
import { type Answers, codeOf } from '../../api.ts'
import type { Choice } from '../../choice/choice.ts'
import { formatHours } from '../../format/count.ts'
import { formatUsd, formatUsdTick } from '../../format/usd.ts'

export type Forecast = Answers['analytics']['forecast']
export type ForecastSeries = Forecast['series'][number]
export type Amount = ForecastSeries['days'][number]['point']

export const MEASURES = { cost: 'Cost', gpu_hours: 'GPU-hours' } as const
export type Measure = keyof typeof MEASURES
export const HORIZONS = {
  month_end: 'To the end of the month',
  7: '7 days',
  14: '14 days',
  30: '30 days',
  90: '90 days',
} as const
export type Horizon = 'month_end' | 7 | 14 | 30 | 90
export const GROUPS = {
  none: 'Total',
  team: 'Team',
  model: 'Model',
  provider: 'Provider',
  gpu_type: 'GPU type',
} as const
export type Group = keyof typeof GROUPS

type Params = { measure?: string; days?: string; by?: string; series?: string }

/** What the page's address says beside filters and basis; what it does not understand is the default. */
export function useForecastChoice() {
  const [params, setParams] = useSearchParams<Params>()
  const horizon = (): Horizon => {
    const asked = params.days ?? ''
    if (!Object.hasOwn(HORIZONS, asked)) return 30
    return asked === 'month_end' ? asked : (Number(asked) as Horizon)
  }
  return {
    measure: (): Measure => (params.measure === 'gpu_hours' ? 'gpu_hours' : 'cost'),
    horizon,
    group: (): Group => (Object.hasOwn(GROUPS, params.by ?? '') ? (params.by as Group) : 'none'),
    /** Which group is looked at: its place in the answer. */
    shown: () => Number(params.series ?? 0) || 0,
    pickMeasure: (next: Measure) => setParams({ measure: next === 'cost' ? null : next, series: null }),
    pickHorizon: (next: string) => setParams({ days: next === '30' ? null : next }),
    pickGroup: (next: Group) => setParams({ by: next === 'none' ? null : next, series: null }),
    pickShown: (next: number) => setParams({ series: next === 0 ? null : String(next) }, { replace: true }),
  }
}

/** The filters of a page's question, without its days and zone: a forecast has days of its own. */
export function questionOfForecast(question: object, choice: Pick<Choice, 'basis'>) {
  const { start, end, timeZone, ...filters } = question as Record<string, unknown>
  return { ...filters, basis: choice.basis === 'exposure' ? ('allocation' as const) : choice.basis }
}

/** "$12.50", "1,240.5 h". */
export function formatAmount(measure: Measure, amount: string): string {
  return measure === 'cost' ? formatUsd(amount as Amount) : `${formatHours(amount as Amount)} h`
}

export function formatTick(measure: Measure, position: number): string {
  return measure === 'cost' ? formatUsdTick(position) : `${Math.round(position).toLocaleString('en-US')} h`
}

/** Whether a forecast was refused because there are not enough days yet: nothing to try again. */
export function isTooShort(error: unknown): boolean {
  return codeOf(error) === 'forecast.needs_history'
}
