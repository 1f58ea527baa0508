import { isTime, type Name, type Time } from './dimensions.ts'

/** The answer as it is on the REST wire, as far as its CSV needs it. */
type Answer = {
  rows: {
    names: string[]
    team_id: string | null
    kind: string
    cost_usd: string[] | null
    [figure: string]: unknown
  }[]
  group_by: string[]
  periods: string[] | null
  [about: string]: unknown
}

/** The explorer's rows for a spreadsheet: a column per name; one line per row, or per row and period with its cost. */
export function exploredCsv({ rows, group_by: groupBy, periods, ...about }: Answer): Record<string, unknown>[] {
  const time = groupBy.find((name) => isTime(name as Name | Time))
  const shown = groupBy.filter((name) => name !== time)
  const said = { basis: about.basis, cost: about.cost, is_additive: about.is_additive, is_partial: about.is_partial }
  return rows.flatMap(({ names, team_id: teamId, kind, cost_usd: costs, ...figures }) => {
    const named = Object.fromEntries(shown.map((name, index) => [name, names[index]]))
    const group = { ...named, ...(shown.includes('team') ? { team_id: teamId } : {}), kind }
    if (time === undefined || !periods) return [{ ...group, ...figures, ...said }]
    return periods.map((period, index) => ({ [time]: period, ...group, cost_usd: costs?.[index], ...said }))
  })
}
