import type { Filter } from '../../choice/choice.ts'
import { addressOf } from '../../choice/doors.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatDay } from '../../format/day.ts'
import { formatMonth } from '../../format/month.ts'
import { type Forecast, type ForecastSeries, formatAmount } from './forecast-choice.ts'

/**
 * The month in three figures: what it will come to, what of it is known, what is still to come; dashes where it could not
 * be asked, as the panel below says.
 */
export function MonthCards(props: {
  forecast: Forecast | undefined
  isFailed: boolean
  of: ForecastSeries | undefined
  filters: readonly Filter[]
}) {
  const month = () => props.of?.month ?? undefined
  const say = (amount: string | undefined) => {
    if (!props.forecast) return props.isFailed ? '—' : undefined
    return amount === undefined ? '—' : formatAmount(props.forecast.measure, amount)
  }
  const name = () => (month() ? formatMonth(month()!.month) : 'The month')
  const door = () => addressOf('/explore', { range: { preset: 'this-month' }, filters: props.filters }, { by: 'team' })
  return (
    <dl class="cards forecast-cards">
      <StatCard
        title={`${name()} will come to`}
        value={say(month()?.total)}
        how={
          props.forecast && {
            formula: props.forecast.how,
            facts: [
              ['Method', props.of?.title ?? 'none'],
              [
                'History',
                `${formatCountOf(props.of?.historyDays ?? 0, 'complete day')}, to ${formatDay(props.forecast.historyEnd)}`,
              ],
            ],
            doors: [['How well this does on the past', '#backtest']],
          }
        }
      >
        {month() ? `80 %: ${say(month()!.low80)} – ${say(month()!.high80)}` : ''}
      </StatCard>
      <StatCard
        title="Known so far"
        value={say(month()?.actual)}
        href={month() ? door() : undefined}
        door="what it is made of"
      >
        {month() ? formatCountOf(month()!.actualDays, 'complete day') : ''}
      </StatCard>
      <StatCard title="Still to come" value={say(month()?.rest)}>
        {month()
          ? `${formatCountOf(month()!.restDays, 'day')}; 95 % range of the month ${say(month()!.low95)} – ${say(month()!.high95)}`
          : ''}
      </StatCard>
    </dl>
  )
}
