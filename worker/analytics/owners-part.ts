import { type SQL, sql } from 'drizzle-orm'
import { idText } from '../../db/units/ids.ts'
import type { Window } from '../../db/units/time.ts'
import { inWindow, ofCells } from './conditions.ts'
import { type Grouping, isOwnerName, isPoolName, type OwnerName, periodText } from './dimensions.ts'
import { type Cell, cellOf, type Part, type Row } from './ledger.ts'
import { type Measure, statusOfCode } from './measures.ts'
import { periodsOf } from './periods.ts'
import { type CellName, cubeOf } from './rollups.ts'
import { MOST_POINTS, requireFewPoints } from './too-many-points.ts'
import type { Visible } from './visible-question.ts'

/** Columns that an answer adds up: cost of the basis and kind asked for, GPU time, jobs. */
const FIGURES = ['cost', 'gpu_ms', 'unmeasured_gpu_ms', 'uncosted_gpu_ms', 'jobs', 'cells'] as const

/**
 * What owners were charged, by names of owners and pools: sums of the rollup that knows all names which are asked for or
 * filtered by, or of cells where none does; `more` are measures to add up beside those. What a rule gave to a team without a job is of no model and no status.
 */
export function ownersPart(question: Visible, { time, names }: Grouping, more: readonly Measure[] = []): Part {
  const summed = [...FIGURES, ...more].map((name) => `sum(${name}) as ${name}`).join(', ')
  const ids = names.map((name) => (isPoolName(name) ? 'pool_id' : ID_OF[name as OwnerName]))
  const grouped = [...(time ? ['period'] : []), ...new Set(ids)]
  const shown = names.map((name, index) => `${SHOWN[name as keyof typeof SHOWN]} as n${index}`)
  const owner = names.find(isOwnerName)
  const statement = sql`
    select ${time ? sql.raw('period') : sql`null`} as period, ${sql.raw(shown.length ? `${shown.join(', ')},` : '')}
      ${owner === undefined ? sql`null` : sql.raw('team_id')} as teamRow, ${sql.raw(summed)}
    from (select ${sql.raw(grouped.length ? `${grouped.join(', ')},` : '')} ${owner === undefined || names.includes('team') ? sql`` : sql`null as team_id,`}
        ${sql.raw(summed)}
      from (${ownerRows(question, { time, names }, more)}) where ${ofCells(question)} ${sql.raw(grouped.length ? `group by ${grouped.join(', ')}` : '')}) g
    ${sql.raw(ids.includes('pool_id') ? 'left join pools p on p.id = g.pool_id' : '')}
    ${sql.raw(names.includes('team') ? 'left join teams t on t.id = g.team_id' : '')}
    ${sql.raw(names.includes('model') ? 'left join models m on m.id = g.model_id' : '')}
    ${sql.raw(grouped.length ? `group by ${[...(time ? ['period'] : []), ...names.map((name) => GROUPED[name as keyof typeof GROUPED])].join(', ')}` : '')}
    having sum(cells) > 0 limit ${BigInt(MOST_POINTS + 1)}`
  const read: Part['read'] = ([rows = []]) => {
    requireFewPoints(rows.length)
    return rows.map((row) => cellOfOwner(row, names, more))
  }
  return { statements: [statement], read }
}

const ID_OF = { team: 'team_id', model: 'model_id', status: 'status' } as const
/** What a grouping by a name shows, and what it groups by: of rows `g` with their pool `p`, team `t` and model `m`. */
export const SHOWN = {
  ...{ provider: 'p.provider', gpu_type: 'p.gpu_type', team: 't.name' },
  ...{ model: `iif(g.model_id = 0, '__assigned__', m.name)`, status: 'g.status' },
} as const
export const GROUPED = {
  ...{ provider: 'p.provider', gpu_type: 'p.gpu_type', team: 'g.team_id', model: 'g.model_id', status: 'g.status' },
} as const

/** A cell of such a row, with `n0`, `n1` … and `teamRow`. */
export function cellOfOwner(row: Row, names: Grouping['names'], more: readonly Measure[] = []): Cell {
  const texts = names.map((name, index) => {
    const value = row[`n${index}`]
    return name === 'status' ? (statusOfCode(value as bigint) ?? '__assigned__') : String(value ?? '')
  })
  const kind = texts.includes('__assigned__') ? 'assigned' : 'owner'
  const teamRow = names.includes('team') ? (row.teamRow as bigint | null) : null
  return { ...cellOf(row, texts, kind, more), teamId: teamRow === null ? null : idText('team', teamRow) }
}

/** Names that the rows of an answer have to know: those it is grouped by, and those it is filtered by. */
export function askedOf({ filters }: Visible, names: Grouping['names']): Set<CellName> {
  const asked = new Set<CellName>(names.map((name) => (isPoolName(name) ? 'pool' : (name as CellName))))
  if (filters.provider || filters.gpuType) asked.add('pool')
  if (filters.teamId) asked.add('team')
  if (filters.modelName) asked.add('model')
  if (filters.status) asked.add('status')
  return asked
}

/** Rows of period, pool_id, team_id, model_id, status, FIGURES and `more` that sum up to the window, before any filter. */
export function ownerRows(question: Visible, { time, names }: Grouping, more: readonly Measure[] = []): SQL {
  const { basis, cost, window } = question
  const amount = `${basis === 'usage' ? 'usage' : 'allocation'}${cost === 'effective' ? '' : `_${cost}`}_nano_usd`
  const cube = cubeOf(askedOf(question, names))
  const select = (from: string, period: string, cells: string, sign = '', owner = '') =>
    sql.raw(`select ${time ? `${periodText(time, period)} as period,` : ''} pool_id, ${owner}team_id, ${owner}model_id, ${owner}status,
      ${sign}${amount} as cost, ${sign}gpu_ms as gpu_ms, ${sign}unmeasured_gpu_ms as unmeasured_gpu_ms,
      ${sign}uncosted_gpu_ms as uncosted_gpu_ms, ${sign}first_job_count${time && sign === '' ? ` + iif(${isFirstOfPeriod(period)}, job_count - first_job_count, 0)` : ''} as jobs,
      ${sign}${cells} as cells${more.map((name) => `, ${sign}${name} as ${name}`).join('')} from ${from}`)
  // A job is counted by its first day in the period: on a period's first day that is every job that is there.
  const isFirstOfPeriod = (period: string) =>
    time === 'day'
      ? '1'
      : `${period} = max('${window.from}', ${time === 'week' ? periodText('week', period) : `substr(${period}, 1, 7) || '-01'`})`
  const running = (from: string, owner = '') =>
    sql.raw(`select pool_id, ${owner}team_id, ${owner}model_id, ${owner}status, 0 as cost, 0 as gpu_ms, 0 as unmeasured_gpu_ms,
      0 as uncosted_gpu_ms, job_count - first_job_count as jobs, 0 as cells${more.map((name) => `, 0 as ${name}`).join('')} from ${from}`)
  if (cube === null) {
    const cells = 'ledger_cells c join owners o on o.id = c.owner_id'
    const all = sql`${select(cells, 'c.day', '1', '', 'o.')} where ${inWindow(question, 'c.day')}`
    return time ? all : sql`${all} union all ${running(cells, 'o.')} where c.day = ${window.from}`
  }
  const rollup = (code: string, range: { from: string; before: string }, sign = '') =>
    sql`${select('ledger_rollups', 'period', 'cell_count', sign)} where cube = ${code} and period >= ${range.from} and period < ${range.before}`
  if (time) return rollup(cube.code, window)
  const { months, plus, minus } = periodsOf(window)
  const parts = [
    ...(months ? [rollup(cube.code.toUpperCase(), months)] : []),
    ...plus.map((range: Window) => rollup(cube.code, range)),
    ...minus.map((range: Window) => rollup(cube.code, range, '-')),
    sql`${running('ledger_rollups')} where cube = ${cube.code} and period = ${window.from}`,
  ]
  return sql.join(parts, sql` union all `)
}
