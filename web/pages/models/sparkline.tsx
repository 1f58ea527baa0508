import type { UsdText } from '../../../db/units/money.ts'

const [WIDTH, HEIGHT] = [96, 24]

/** The course of a cost in one line. Its words say it to who does not see it; a credit goes below the floor and is cut. */
export function Sparkline(props: { costs: readonly UsdText[]; label: string; colour: string }) {
  const points = () => {
    const costs = props.costs.map(Number)
    const most = Math.max(...costs, 0)
    const step = costs.length > 1 ? WIDTH / (costs.length - 1) : 0
    const at = costs.map((cost, index) => {
      const y = most > 0 ? HEIGHT - 2 - (Math.max(0, cost) / most) * (HEIGHT - 4) : HEIGHT - 2
      return `${(index * step).toFixed(1)},${y.toFixed(1)}`
    })
    return at.length === 1 ? `${at[0]} ${WIDTH},${at[0]!.split(',')[1]}` : at.join(' ')
  }
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={props.label}>
      <polyline points={points()} fill="none" stroke={`var(--${props.colour})`} stroke-width="1.5" />
    </svg>
  )
}
