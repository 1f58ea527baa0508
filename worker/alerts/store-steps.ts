import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type AlertId, type ChannelId, idText, rowOf } from '../../db/units/ids.ts'
import type { AlertEvent } from '../../db/units/insight.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { enqueue } from '../deliveries/enqueue.ts'
import { jsonText } from '../json-text.ts'
import type { RuleRow } from './alert-rule.ts'
import type { Reconciled } from './reconcile.ts'
import { messagesOf, type Saying } from './tell.ts'

type Placed = Reconciled & { id: AlertId }

/** Who stands in the history for what nobody did by hand. */
const BY_CLOCK = 'Heliox'

/**
 * Stores what a look has come to, in the transaction that read it: alerts, their history, and what is told, each in one
 * statement however many they are. `reconciled` holds every open alert of the rule. Answers how many messages are on
 * their way.
 */
export async function storeSteps(
  tx: Tx,
  rule: Pick<RuleRow, 'id' | 'name' | 'severity'>,
  channelIds: readonly ChannelId[],
  reconciled: readonly Reconciled[],
  nowMs: EpochMs,
  by: { label: string; note: string } = { label: BY_CLOCK, note: '' },
): Promise<number> {
  const placed = await withIds(tx, rule, reconciled)
  const [first] = placed.filter(({ step }) => step.say === 'fired')
  const sayings: Saying[] = []
  for (const { id, kept, step } of placed) {
    const { after, say } = step
    if (after && say === 'fired') after.told = { ...after.told, incident: first?.id ?? id }
    if (after && say) sayings.push({ id, say, kept, told: after.told, startedAtMs: after.startedAtMs })
  }
  await update(tx, rule, placed)
  await noteEvents(
    tx,
    placed.flatMap(({ id, step }) => step.events.map((event) => ({ id, event }))),
    { ...by, atMs: nowMs },
  )
  const gone = placed.filter(({ step }) => step.after === null).map(({ id }) => rowOf('alert', id))
  if (gone.length > 0)
    await tx.run(sql`delete from alerts where id in (select value from json_each(${JSON.stringify(gone)}))`)
  const firing = placed.flatMap(({ step: { after } }) =>
    after?.status === 'firing' && after.resolvedAtMs === null ? [after.told.incident] : [],
  )
  let sent = 0
  for (const { messageKey, message } of messagesOf(rule, sayings, new Set(firing), nowMs))
    sent += await enqueue(tx, { channelIds, messageKey, message })
  return sent
}

/** Inserts the new ones: their messages are called by their ids. */
async function withIds(
  tx: Tx,
  { id: ruleId, severity }: Pick<RuleRow, 'id' | 'severity'>,
  reconciled: readonly Reconciled[],
): Promise<Placed[]> {
  const fresh = reconciled.flatMap(({ row, step: { after }, kept }) =>
    row || !after
      ? []
      : [[after.groupKey, teamRow(after.teamId), after.status, jsonText([kept]).slice(1, -1), after.startedAtMs]],
  )
  const made =
    fresh.length === 0
      ? []
      : await tx.all<{ id: bigint; groupKey: string }>(sql`
          insert into alerts (rule_id, group_key, team_id, status, severity, finding, started_at_ms)
          select ${BigInt(rowOf('arule', ruleId) ?? 0)}, value ->> 0, value ->> 1, value ->> 2, ${severity}, value ->> 3, value ->> 4
          from json_each(${JSON.stringify(fresh)}) where true order by key returning id, group_key as groupKey`)
  const ids = new Map(made.map(({ id, groupKey }) => [groupKey, idText('alert', id)]))
  return reconciled.flatMap((one) => {
    const id = one.row?.id ?? (one.step.after ? ids.get(one.step.after.groupKey) : undefined)
    return id ? [{ ...one, id }] : []
  })
}

/** Writes those that are not as they were: of most alerts of a round nothing changes. */
async function update(tx: Tx, { severity }: Pick<RuleRow, 'severity'>, placed: readonly Placed[]): Promise<void> {
  const changed = placed.flatMap(({ id, row, kept, step: { after } }) => {
    if (!after) return []
    const { title, text, href, facts } = kept
    const finding = jsonText([{ title, text, href, facts, told: after.told }]).slice(1, -1)
    const { status, firedAtMs, toldAtMs, resolvedAtMs } = after
    const isSame =
      row?.finding === finding &&
      row.status === status &&
      row.firedAtMs === firedAtMs &&
      row.severity === severity &&
      row.toldAtMs === toldAtMs &&
      row.resolvedAtMs === resolvedAtMs &&
      row.teamId === after.teamId
    return isSame
      ? []
      : [[rowOf('alert', id), teamRow(after.teamId), status, finding, firedAtMs, toldAtMs, resolvedAtMs]]
  })
  if (changed.length === 0) return
  await tx.run(sql`
    update alerts set team_id = v.value ->> 1, status = v.value ->> 2, severity = ${severity}, finding = v.value ->> 3,
      fired_at_ms = v.value ->> 4, told_at_ms = v.value ->> 5, resolved_at_ms = v.value ->> 6
    from json_each(${JSON.stringify(changed)}) v where alerts.id = v.value ->> 0`)
}

/** Lines of the history of alerts, in the transaction of what they tell of. */
export async function noteEvents(
  tx: Pick<Tx, 'run'>,
  events: readonly { id: AlertId; event: AlertEvent }[],
  { label, note, atMs }: { label: string; note: string; atMs: EpochMs },
): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ id, event }) => [rowOf('alert', id), event])
  await tx.run(sql`
    insert into alert_events (alert_id, event, note, by_label, at_ms)
    select value ->> 0, value ->> 1, ${note}, ${label}, ${BigInt(atMs)} from json_each(${JSON.stringify(rows)})
    where true order by key`)
}

function teamRow(teamId: string | null): number | null {
  return teamId === null ? null : rowOf('team', teamId)
}
