import { type SQL, sql } from 'drizzle-orm'
import { JOB_STATUSES } from '../../db/schema/jobs.ts'
import { rowOf } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import type { Visible } from './visible-question.ts'
import type { Question } from './window.ts'
import { zoneOf } from './zone.ts'

/**
 * `day` within the window, of UTC days.
 *
 * @throws HelioxError invalid `analytics.utc_only` for days of another zone: who can answer them reads hours
 */
export function inWindow(question: Pick<Question, 'window' | 'timeZone'>, column: string): SQL {
  const { window } = question
  if (zoneOf(question))
    throw new HelioxError(
      'invalid',
      'analytics.utc_only',
      `This is answered for UTC days only, not for days in ${question.timeZone}`,
    )
  return sql`${sql.raw(column)} >= ${window.from} and ${sql.raw(column)} < ${window.before}`
}

/** The filters on pools `p`, or under another name. */
export function ofPools({ filters }: Pick<Question, 'filters'>, pool = 'p'): SQL {
  return sql`${oneOf(`${pool}.provider`, filters.provider)} and ${oneOf(`${pool}.gpu_type`, filters.gpuType)}`
}

/** The filters on jobs `j`. */
export function ofOwners({ filters }: Visible): SQL {
  return sql`${oneOf('j.team_id', teamRows(filters))} and ${oneOf('j.model_name', filters.modelName)}
    and ${oneOf('j.status', filters.status)}`
}

/** The filters on rows with pool_id, team_id, model_id and status: rollups, and cells joined with their owners. */
export function ofCells(question: Visible): SQL {
  return sql`${ofPoolIds(question)} and ${ofOwnerIds(question)}`
}

/** The filters on pools, of rows with a pool_id. */
export function ofPoolIds({ filters }: Pick<Question, 'filters'>): SQL {
  const pools = sql`select p.id from pools p where ${ofPools({ filters })}`
  return filters.provider || filters.gpuType ? sql`pool_id in (${pools})` : sql`1`
}

/** The filters on owners, of rows with team_id, model_id and status. */
export function ofOwnerIds({ filters }: Visible): SQL {
  const models = sql`select m.id from models m where ${oneOf('m.name', filters.modelName)}`
  const statuses = filters.status?.map((status) => JOB_STATUSES.indexOf(status) + 1) ?? null
  return sql`${oneOf('team_id', teamRows(filters))} and ${filters.modelName ? sql`model_id in (${models})` : sql`1`}
    and ${oneOf('status', statuses)}`
}

/** Null: any value; an empty list: none. */
export function oneOf(column: string, values: readonly (string | number | null)[] | null): SQL {
  if (values === null) return sql`1`
  return sql`${sql.raw(column)} in (select value from json_each(${JSON.stringify(values)}))`
}

/** Whether the question is narrowed to a part of the owners. */
export function isByOwner({ filters }: Pick<Question, 'filters'>): boolean {
  return filters.teamId !== null || filters.modelName !== null || filters.status !== null
}

function teamRows({ teamId }: Question['filters']): (number | null)[] | null {
  return teamId?.map((id) => rowOf('team', id)) ?? null
}
