/** The answer as it is on the REST wire, as far as its CSV needs it. */
type Answer = { anomalies: Record<string, unknown>[] }

/** One line per anomaly: its figures, and its causes as one text. The terms and the course are in the JSON. */
export function anomaliesCsv({ anomalies }: Answer): Record<string, unknown>[] {
  return anomalies.map(({ terms, compared_days, causes, doors, course, verdict, ...figures }) => {
    const said = verdict as { verdict: string; note: string } | null
    return {
      ...figures,
      causes: (causes as { text: string }[]).map(({ text }) => text).join('; '),
      ...{ verdict: said?.verdict ?? '', verdict_note: said?.note ?? '' },
    }
  })
}
