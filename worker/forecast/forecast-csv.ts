/** The answer as it is on the REST wire, as far as its CSV needs it. */
type Answer = {
  measure: string
  group_by: string
  series: { name: string; kind: string; method: string | null; days: Record<string, unknown>[] }[]
}

/** One line per day to come and group, with its limits. */
export function forecastCsv({ measure, group_by: groupBy, series }: Answer): Record<string, unknown>[] {
  return series.flatMap(({ name, kind, method, days }) =>
    days.map(({ day, ...figures }) => ({
      ...{ date: day, ...(groupBy === 'none' ? {} : { group_by: groupBy, group: name, kind }) },
      ...{ measure, ...figures, method },
    })),
  )
}
