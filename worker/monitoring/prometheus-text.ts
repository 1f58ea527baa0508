type Labels = Readonly<Record<string, string>>

/** One metric with its samples, one per set of labels. Names as on https://prometheus.io/docs/practices/naming/. */
export type Metric = {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** For people: what is counted, and over what. */
  readonly help: string
  /** `suffix`: of a histogram's buckets, sum and count. */
  readonly samples: readonly { suffix?: '_bucket' | '_sum' | '_count'; labels?: Labels; value: number | bigint }[]
}

export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** Prometheus' text format 0.0.4, https://prometheus.io/docs/instrumenting/exposition_formats/. A metric without samples is left out. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, type, help, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ suffix = '', labels = {}, value }) => `${name}${suffix}${labelText(labels)} ${value}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
