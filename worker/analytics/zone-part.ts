import { sql } from 'drizzle-orm'
import { HelioxError } from '../errors.ts'
import { isByBill } from './bill-conditions.ts'
import { isByOwner, ofCells } from './conditions.ts'
import { type Grouping, isBillName, isOwnerName, isPoolName, periodText } from './dimensions.ts'
import { cellOf, type Kind, type Part, type Row } from './ledger.ts'
import { cellOfOwner, GROUPED, SHOWN } from './owners-part.ts'
import type { Visible } from './visible-question.ts'
import type { Zone } from './zone.ts'
import { findMissingHours, requireHours } from './zone-hours.ts'
import { zoneLedger } from './zone-ledger.ts'

/**
 * The cells of a question in days of another zone than UTC: what `ownersPart`, `leftOverPart` and `pooledPart` are for
 * UTC days, cut out of hours and jobs. Σ days = the range, and owners and leftovers sum to the bill of its hours.
 *
 * Its `read` throws HelioxError invalid `analytics.no_hours` where the bill does not say its hours.
 *
 * @throws HelioxError invalid `analytics.utc_only` for cost by what only whole lines know, and on the exposure basis
 */
export function zonePart(question: Visible, by: Grouping, zone: Zone): Part {
  const bill = by.names.find(isBillName)
  const isByOwners = isByOwner(question) || by.names.some(isOwnerName)
  if (bill !== undefined) throw utcOnly(`Cost by ${bill}`, zone)
  if (by.isUnlisted || isByBill(question)) throw utcOnly('Cost of a part of the bill', zone)
  if (question.basis === 'exposure' && by.names.some(isOwnerName)) throw utcOnly('Cost by exposure', zone)
  const ledger = zoneLedger(question, zone, by.time)
  const rows = isByOwners ? ownersRows(question, by) : poolRows(by)
  return {
    statements: [findMissingHours(question, zone), sql`${ledger} ${rows}`],
    read: ([missing = [], found = []]) => {
      requireHours(missing, question, zone)
      return found.map((row) => cellOfRow(row, by))
    },
  }
}

function utcOnly(what: string, { timeZone }: Zone): HelioxError {
  const message = `${what} is answered for UTC days only, not for days in ${timeZone}`
  return new HelioxError('invalid', 'analytics.utc_only', message)
}

function cellOfRow(row: Row, { names }: Grouping) {
  const kind = row.kind as Kind | 'pool'
  if (kind === 'owner') return cellOfOwner(row, names)
  const texts = names.map((name, index) => (isOwnerName(name) ? `__${kind}__` : String(row[`n${index}`])))
  return cellOf(row, texts, kind === 'pool' ? 'owner' : kind)
}

/** What owners were charged and, where all of them are asked for, what nobody was. */
function ownersRows(question: Visible, { time, names }: Grouping) {
  const period = time ? periodText(time, 'g.label') : 'null'
  const shown = names.map((name, index) => `${SHOWN[name as keyof typeof SHOWN]} as n${index}, `).join('')
  const groups = [...(time ? [period] : []), ...names.map((name) => GROUPED[name as keyof typeof GROUPED])]
  const basis = question.basis === 'usage' ? 'usage' : 'allocation'
  const owners = sql`select 'owner' as kind, ${sql.raw(`${period} as period, ${shown}`)}
      ${sql.raw(names.includes('team') ? 'g.team_id' : 'null')} as teamRow, coalesce(sum(g.${sql.raw(basis)}), 0) as cost,
      coalesce(sum(g.gpu_ms), 0) as gpu_ms, coalesce(sum(g.unmeasured_gpu_ms), 0) as unmeasured_gpu_ms,
      coalesce(sum(g.counted), 0) as jobs
    from (select c.*, o.team_id, o.model_id, o.status from cell c join owners o on o.id = c.owner_id) g
      join pools p on p.id = g.pool_id
      ${sql.raw(names.includes('team') ? 'left join teams t on t.id = g.team_id' : '')}
      ${sql.raw(names.includes('model') ? 'left join models m on m.id = g.model_id' : '')}
    where ${ofCells(question)} ${sql.raw(groups.length > 0 ? `group by ${groups.join(', ')}` : '')} having count(*) > 0`
  if (isByOwner(question)) return owners
  const pool = poolColumns({ time, names }, 'r.label')
  const left = (basis === 'usage' ? ['idle', 'unmeasured'] : ['unallocated']).map((kind) =>
    sql.raw(`select '${kind}', ${pool.columns} null, sum(r.${kind}) as cost, 0, 0, 0 from rest r join pools p on p.id = r.pool_id
      ${pool.groupBy} having cost <> 0`),
  )
  return sql.join([owners, ...left], sql` union all `)
}

/** The bill by pool, with the GPU time and the jobs that its pools held. */
function poolRows(by: Grouping) {
  const { columns, groupBy } = poolColumns(by, 'd.label')
  return sql.raw(`select 'pool' as kind, ${columns} null as teamRow, coalesce(sum(d.cost), 0) as cost,
      coalesce(sum(c.gpu_ms), 0) as gpu_ms, coalesce(sum(c.unmeasured_gpu_ms), 0) as unmeasured_gpu_ms, coalesce(sum(c.counted), 0) as jobs
    from day d join pools p on p.id = d.pool_id
      left join (select label, pool_id, sum(gpu_ms) as gpu_ms, sum(unmeasured_gpu_ms) as unmeasured_gpu_ms, sum(counted) as counted
        from cell group by label, pool_id) c on c.label = d.label and c.pool_id = d.pool_id
    ${groupBy} having count(*) > 0`)
}

function poolColumns({ time, names }: Grouping, label: string): { columns: string; groupBy: string } {
  const period = time ? periodText(time, label) : 'null'
  const known = names.map((name) => (isPoolName(name) ? `p.${name}` : null))
  const groups = [...(time ? [period] : []), ...known.filter((column) => column !== null)]
  return {
    columns: `${period} as period, ${known.map((column, index) => `${column ?? 'null'} as n${index}, `).join('')}`,
    groupBy: groups.length > 0 ? `group by ${groups.join(', ')}` : '',
  }
}
