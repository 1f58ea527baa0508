/** One sample as a scraper reads it. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number }
/** A metric with its samples; a histogram's are those of its buckets, sums and counts. */
export type Family = { name: string; type: string; help: string; samples: Sample[] }

const SUFFIXES: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] }
const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Inf)|NaN)$/

/**
 * Reads Prometheus' text format 0.0.4 by its rules (prometheus.io/docs/instrumenting/exposition_formats): HELP and TYPE once and
 * before the samples of their metric, all lines of a metric together, no sample twice, buckets that only rise up to +Inf, which
 * is the count. @throws Error naming the line
 */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, Family>()
  const seen = new Set<string>()
  let family: Family | null = null
  for (const line of text.slice(0, -1).split('\n')) {
    const [, about, name = '', words = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (about === 'HELP') {
      if (families.has(name)) throw new Error(`a second time: ${line}`)
      family = { name, type: '', help: words, samples: [] }
      families.set(name, family)
    } else if (about === 'TYPE') {
      if (family?.name !== name || family.type !== '' || family.samples.length > 0)
        throw new Error(`out of place: ${line}`)
      if (!/^(counter|gauge|histogram)$/.test(words)) throw new Error(`no such type: ${line}`)
      family.type = words
    } else {
      const sample = sampleOf(line)
      const allowed = (SUFFIXES[family?.type ?? ''] ?? ['']).map((suffix) => `${family?.name}${suffix}`)
      if (!family || !allowed.includes(sample.name)) throw new Error(`not of the metric above: ${line}`)
      const series = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`
      if (seen.has(series)) throw new Error(`a series twice: ${line}`)
      seen.add(series)
      family.samples.push(sample)
    }
  }
  for (const one of families.values()) if (one.type === 'histogram') requireBuckets(one)
  return families
}

function sampleOf(line: string): Sample {
  const [, name = '', inside = '', value = ''] = SAMPLE.exec(line) ?? []
  if (name === '' || !NUMBER.test(value)) throw new Error(`no sample: ${line}`)
  const labels: Record<string, string> = {}
  for (let rest = inside; rest !== ''; ) {
    const [whole = '', label = '', text = ''] = LABEL.exec(rest) ?? []
    if (whole === '' || label in labels) throw new Error(`labels that cannot be read: ${line}`)
    labels[label] = text.replace(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one))
    rest = rest.slice(whole.length)
  }
  return { name, labels, value: Number(value.replace('Inf', 'Infinity')) }
}

function requireBuckets({ name, samples }: Family): void {
  const series = Map.groupBy(samples, ({ labels: { le: _, ...others } }) =>
    JSON.stringify(Object.entries(others).sort()),
  )
  for (const [labels, own] of series) {
    const buckets = own.filter((one) => one.name === `${name}_bucket`)
    const edges = buckets.map(({ labels }) => Number((labels.le ?? 'none').replace('Inf', 'Infinity')))
    const rises = (values: number[]) => values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0))
    const count = own.find((one) => one.name === `${name}_count`)?.value
    if (!rises(edges) || !rises(buckets.map(({ value }) => value)) || edges.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`buckets that do not rise to +Inf: ${name} ${labels}`)
    if (count === undefined || buckets.at(-1)?.value !== count)
      throw new Error(`+Inf is not the count: ${name} ${labels}`)
    if (!own.some((one) => one.name === `${name}_sum`)) throw new Error(`no sum: ${name} ${labels}`)
  }
}

/** The value of a series; undefined where it is not served. */
export function sampleValue(
  families: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''))
  return family?.samples.find(
    (one) => one.name === name && Object.entries(labels).every(([label, value]) => one.labels[label] === value),
  )?.value
}
