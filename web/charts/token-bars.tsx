import type { ApexOptions } from 'apexcharts'
import { createMemo } from 'solid-js'
import { formatCountOf, formatTokens } from '../format/count.ts'
import { ApexChart } from './apex-chart.tsx'
import { resolveColours } from './colours.ts'
import { createWidth } from './element-width.ts'
import { heightOf, lyingBars, rowTip } from './lying-bars.ts'
import type { ColourName } from './palette.ts'

/** One bucket of tokens, for every row. Buckets share no token, so that a bar is their sum. */
export type TokenSeries = { readonly name: string; readonly colour: ColourName; readonly tokens: readonly number[] }

/** Tokens of each row as one bar of its buckets. `more` says below the buckets what else is known of a row. */
export function TokenBars(props: {
  label: string
  names: readonly string[]
  series: readonly TokenSeries[]
  more: (row: number) => readonly { label: string; value: string }[]
  onPick?: ((row: number) => void) | undefined
}) {
  let host!: HTMLDivElement
  const width = createWidth(() => host)
  const height = () => heightOf(props.names.length)
  const label = () => {
    const sums = props.series.map(({ name, tokens }) => `${name} ${formatTokens(tokens.reduce((a, b) => a + b, 0))}`)
    return `${props.label}. ${formatCountOf(props.names.length, 'row')}. ${sums.join(', ')}. The table has every figure.`
  }
  const options = createMemo((): ApexOptions => {
    const colours = resolveColours(props.series.map(({ colour }) => colour))
    const [surface] = resolveColours(['surface'])
    return {
      ...lyingBars({
        ...{ type: 'bar', rows: props.names.length, width: width(), onPick: props.onPick },
        ...{ tick: (value) => short.format(value), longestName: [130, 220] },
      }),
      colors: colours,
      series: props.series.map(({ name, tokens }) => ({
        name,
        data: tokens.map((y, at) => ({ x: props.names[at]!, y })),
      })),
      stroke: { width: 1, colors: [surface!] },
      tooltip: rowTip((row) => [
        props.names[row]!,
        [
          ...props.series.map(({ name, tokens }, at) => ({
            ...{ colour: colours[at]!, label: name, value: formatTokens(tokens[row]!) },
          })),
          ...props.more(row),
        ],
      ]),
    }
  })
  return (
    <div ref={host}>
      <ApexChart options={options()} height={height()} label={label()} class={props.onPick ? 'is-pickable' : ''} />
    </div>
  )
}

/** "1.2M": a position on the axis, not a count. */
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
