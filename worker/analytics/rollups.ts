import { type SQL, sql } from 'drizzle-orm'
import { eachMeasure } from './measures.ts'

/** Names that cells and rollups know of an owner's part, beside its period. */
export const CELL_NAMES = ['pool', 'team', 'model', 'status'] as const
export type CellName = (typeof CELL_NAMES)[number]

/** The column of a name, in `ledger_rollups` as in `ledger_cells` joined with `owners`. */
export const NAME_COLUMN = { pool: 'pool_id', team: 'team_id', model: 'model_id', status: 'status' } as const

/**
 * The sums that are kept: each pair of names that people ask for. `code` is the cube's per day; in capitals it is per
 * month. A question with three names or more adds up cells. Ordered by size: the first that knows what is asked answers.
 */
export const CUBES: readonly { code: string; names: readonly CellName[] }[] = [
  { code: 'ps', names: ['pool', 'status'] },
  { code: 'ts', names: ['team', 'status'] },
  { code: 'ms', names: ['model', 'status'] },
  { code: 'pt', names: ['pool', 'team'] },
  { code: 'tm', names: ['team', 'model'] },
  { code: 'pm', names: ['pool', 'model'] },
]

/** The smallest cube that knows these names; null: only cells do. */
export function cubeOf(names: ReadonlySet<CellName>): (typeof CUBES)[number] | null {
  return CUBES.find((cube) => [...names].every((name) => cube.names.includes(name))) ?? null
}

const columns = Object.values(NAME_COLUMN).join(', ')
const ADD = sql.raw(
  `on conflict do update set cell_count = cell_count + excluded.cell_count, ${eachMeasure('$ = $ + excluded.$')}`,
)
const DAYS = `(select day from sharing_pool_days)`

/** Takes the cells of the pool-days in `sharing_pool_days` out of the rollups: before they are made anew. */
export function subtractFromRollups(): SQL[] {
  return [...addDaysToMonths('-'), ...addCellsToDays('-')]
}

/** Adds them again: after. */
export function addToRollups(): SQL[] {
  return [
    ...addCellsToDays('+'),
    ...CUBES.map(({ code }) =>
      sql.raw(`delete from ledger_rollups where cube = '${code}' and period in ${DAYS} and cell_count = 0`),
    ),
    ...addDaysToMonths('+'),
    ...CUBES.map(({ code }) =>
      sql.raw(`delete from ledger_rollups where cube = '${code.toUpperCase()}'
        and period in (select substr(day, 1, 7) from sharing_pool_days) and cell_count = 0`),
    ),
  ]
}

/**
 * The statements that make the rollups of one day anew from its cells, whatever they held before; its month's take the
 * difference. Σ days = month stays as it was.
 */
export function remakeRollupsOfDay(day: string): SQL[] {
  return [
    sql`insert into sharing_pool_days (day, pool_id) select distinct day, pool_id from ledger_cells where day = ${day}`,
    sql`insert into sharing_pool_days (day, pool_id) values (${day}, 0)`, // no pool's: the day is there without cells too
    ...addDaysToMonths('-'),
    ...CUBES.map(({ code }) => sql`delete from ledger_rollups where cube = ${code} and period = ${day}`),
    ...addToRollups(),
    sql`delete from sharing_pool_days`,
  ]
}

/** The statements that make the rollups of one month anew from those of its days. */
export function remakeRollupsOfMonth(month: string): SQL[] {
  return CUBES.flatMap(({ code }) => [
    sql`delete from ledger_rollups where cube = ${code.toUpperCase()} and period = ${month}`,
    sql`${sql.raw(`insert into ledger_rollups (cube, period, ${columns}, cell_count, ${eachMeasure('$')})
      select '${code.toUpperCase()}', substr(period, 1, 7), ${columns}, sum(cell_count), ${eachMeasure('sum($)')}`)}
      from ledger_rollups where cube = ${code} and period >= ${`${month}-01`} and period <= ${`${month}-31`}
      group by ${sql.raw(columns)}`,
  ])
}

function addCellsToDays(sign: '+' | '-'): SQL[] {
  return CUBES.map(({ code, names }) => {
    const kept = Object.entries(NAME_COLUMN).filter(([name]) => names.includes(name as CellName))
    const group = kept.map(([name, column]) => (name === 'pool' ? 'c.pool_id' : `o.${column}`)).join(', ')
    const values = Object.entries(NAME_COLUMN).map(([name, column]) =>
      names.includes(name as CellName) ? (name === 'pool' ? 'c.pool_id' : `o.${column}`) : '0',
    )
    return sql`${sql.raw(`insert into ledger_rollups (cube, period, ${columns}, cell_count, ${eachMeasure('$')})
      select '${code}', c.day, ${values.join(', ')}, ${sign} count(*), ${eachMeasure(`${sign} sum(c.$)`)}
      from sharing_pool_days n cross join ledger_cells c on c.day = n.day and c.pool_id = n.pool_id
        join owners o on o.id = c.owner_id
      where true group by c.day, ${group}`)} ${ADD}`
  })
}

/** Months take the difference of whole days: rows by the number of names, not of jobs. */
function addDaysToMonths(sign: '+' | '-'): SQL[] {
  return CUBES.map(
    ({ code }) =>
      sql`${sql.raw(`insert into ledger_rollups (cube, period, ${columns}, cell_count, ${eachMeasure('$')})
      select '${code.toUpperCase()}', substr(period, 1, 7), ${columns}, ${sign} sum(cell_count), ${eachMeasure(`${sign} sum($)`)}
      from ledger_rollups where cube = '${code}' and period in ${DAYS} group by substr(period, 1, 7), ${columns}`)} ${ADD}`,
  )
}
