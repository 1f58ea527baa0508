import { formatDay, formatFullDay } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Anomaly } from './anomaly-card.tsx'

const [WIDTH, HEIGHT, EDGE] = [320, 120, 6]

/** Some weeks of the series with the band of what was usual, and the day marked. */
export function CourseChart(props: { anomaly: Anomaly }) {
  const drawn = () => {
    const { course, day } = props.anomaly
    const all = course
      .flatMap(({ costUsd, lowUsd, highUsd }) => [costUsd, lowUsd, highUsd])
      .filter((one) => one !== null)
    const most = Math.max(...all.map(Number), 0)
    const least = Math.min(...all.map(Number), 0)
    const x = (at: number) => EDGE + (at * (WIDTH - 2 * EDGE)) / Math.max(1, course.length - 1)
    const y = (value: string) => HEIGHT - EDGE - ((Number(value) - least) / (most - least || 1)) * (HEIGHT - 2 * EDGE)
    const point = (at: number, value: string) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`
    const band = course.flatMap(({ lowUsd, highUsd }, at) =>
      lowUsd === null || highUsd === null ? [] : [{ top: point(at, highUsd), bottom: point(at, lowUsd) }],
    )
    const marked = course.findIndex((one) => one.day === day)
    return {
      band: [...band.map(({ top }) => top), ...band.map(({ bottom }) => bottom).reverse()].join(' '),
      line: course.flatMap(({ costUsd }, at) => (costUsd === null ? [] : [point(at, costUsd)])).join(' '),
      mark: { x: x(marked), y: y(props.anomaly.actualUsd) },
    }
  }
  const label = () => {
    const { name, day, actualUsd, lowUsd, highUsd } = props.anomaly
    return `${name} by day: ${formatUsd(actualUsd)} on ${formatFullDay(day)}, where ${formatUsd(lowUsd)} to ${formatUsd(highUsd)} was usual.`
  }
  const ends = () => [props.anomaly.course[0]?.day, props.anomaly.course.at(-1)?.day] as const
  return (
    <figure class="anomaly-course">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label()} preserveAspectRatio="none">
        <polygon class="course-band" points={drawn().band} />
        <polyline class="course-line" points={drawn().line} />
        <circle class="course-mark" cx={drawn().mark.x} cy={drawn().mark.y} r="4" />
      </svg>
      <figcaption class="note">
        <span>{ends()[0] ? formatDay(ends()[0]!) : ''}</span>
        <span>line: cost, band: usual</span>
        <span>{ends()[1] ? formatDay(ends()[1]!) : ''}</span>
      </figcaption>
    </figure>
  )
}
