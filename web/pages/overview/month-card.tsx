import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { addressOf } from '../../choice/doors.ts'
import type { ChoiceControl } from '../../choice/use-choice.ts'
import { StatCard } from '../../components/stat-card.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatDay } from '../../format/day.ts'
import { formatMonth } from '../../format/month.ts'
import { formatUsd } from '../../format/usd.ts'
import { isTooShort, questionOfForecast } from '../forecast/forecast-choice.ts'

/** What the running month will cost, whatever days the page is about: the point, its range, and how it was made. */
export function MonthCard(props: { choice: ChoiceControl }) {
  const { choice } = props
  const question = () => ({
    ...questionOfForecast(choice.question(), choice.choice()),
    days: 'month_end' as const,
  })
  const query = useQuery(() => ({
    queryKey: ['analytics.forecast', question()],
    queryFn: () => api.analytics.forecast.query(question()),
    retry: false,
  }))
  const answer = () => (query.isPending ? undefined : query.data)
  const one = () => answer()?.series[0]
  const month = () => one()?.month ?? undefined
  const value = () => (month() ? formatUsd(month()!.total) : query.isPending ? undefined : '—')
  const door = () =>
    addressOf('/forecast', { basis: choice.choice().basis, filters: choice.choice().filters }, { days: 'month_end' })
  return (
    <StatCard
      title="Month end"
      hint="What the month will cost: its complete days, and the forecast of the rest."
      value={value()}
      href={month() ? door() : undefined}
      door="the forecast"
      how={
        month() && {
          formula: answer()!.how,
          facts: [
            ['Month', formatMonth(month()!.month)],
            ['Method', one()!.title ?? ''],
            ['Why', one()!.why],
            ['History', `${formatCountOf(one()!.historyDays, 'complete day')}, to ${formatDay(answer()!.historyEnd)}`],
          ],
          doors: [['The forecast', door()]],
        }
      }
    >
      <Show
        when={month()}
        fallback={isTooShort(query.error) ? 'Not enough history yet.' : query.isError ? 'It could not be asked.' : ''}
      >
        {(known) => (
          <>
            80 %: {formatUsd(known().low80)} – {formatUsd(known().high80)}
          </>
        )}
      </Show>
    </StatCard>
  )
}
