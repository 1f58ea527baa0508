import { and, eq, gte, inArray, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../db/client.ts'
import { apiKeys, KEY_SCOPES, type KeyScope } from '../../db/schema/keys.ts'
import { gatewayDays } from '../../db/schema/requests.ts'
import { teams } from '../../db/schema/teams.ts'
import { users } from '../../db/schema/users.ts'
import { idText, type KeyId, rowOf } from '../../db/units/ids.ts'
import type { NanoUsd } from '../../db/units/money.ts'
import { type Day, dayOf, type EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant, Usd, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versionOf } from '../versions.ts'

/** Requests per minute of a key that says nothing else. */
export const DEFAULT_RPM = 100

/** An API key as those who manage it see it: never the key itself, nor its hash. */
export const Key = z.object({
  id: AnsweredId('key'),
  name: z.string().meta({ examples: ['nightly import'] }),
  prefix: z
    .string()
    .describe('The first characters of the key, to recognise it by')
    .meta({ examples: ['hlx_k3v7qa'] }),
  teamId: AnsweredId('team').nullable().describe('Null: the whole company'),
  teamName: z.string().nullable(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  models: z.array(z.string()).nullable().describe('The models that it may ask; null: all'),
  rpm: z.number().int().nullable().describe(`Requests per minute; null: the default, ${DEFAULT_RPM}`),
  tpm: z.number().int().nullable().describe('Tokens per minute; null: no limit'),
  monthlyLimitNanoUsd: Usd.nullable().describe('What it may spend per calendar month; null: no limit of its own'),
  monthSpentNanoUsd: Usd.describe('What its calls have cost this calendar month (UTC)'),
  expiresAtMs: Instant.nullable().describe('Null: does not expire'),
  revokedAtMs: Instant.nullable(),
  usedAtMs: Instant.nullable().describe('When it was last used, to within a minute; null: never'),
  previousExpiresAtMs: Instant.nullable().describe('Until when the key before the last rotation works or worked'),
  createdAtMs: Instant,
  createdBy: z
    .object({ id: AnsweredId('user'), email: z.string() })
    .nullable()
    .describe('Null: made with a key, or by somebody who has been removed'),
  status: z.enum(['active', 'expired', 'revoked']),
  version: Version,
})
export type Key = z.output<typeof Key>

/** A key in the one answer that shows it: after it was made, and after a rotation. */
export const ShownKey = Key.extend({
  key: z
    .string()
    .describe('The key itself. It is shown in this answer and never again')
    .meta({ examples: ['hlx_k3v7qa2mzd4yrh6xwpnb5tcjfgiesoul3u7qk2vmwy4nzr6xhdpb5t'] }),
})
export type ShownKey = z.output<typeof ShownKey>

/** What can read: the database, or the transaction of a change. */
type Reader = { select: Db['select'] }

/**
 * One key that the actor may see.
 * @throws HelioxError not_found `keys.no_key`, the same for a key of another team
 */
export async function keyOf(reader: Reader, scope: Pick<Scope, 'actor' | 'now'>, id: KeyId): Promise<Key> {
  const [key] = await selectKeys(reader, scope, eq(apiKeys.id, id))
  if (!key) throw new HelioxError('not_found', 'keys.no_key', `There is no key ${id}`)
  return key
}

const COLUMNS = {
  ...{ id: apiKeys.id, name: apiKeys.name, prefix: apiKeys.prefix, teamId: apiKeys.teamId, teamName: teams.name },
  ...{ scopes: apiKeys.scopes, models: apiKeys.models, rpm: apiKeys.rpm, tpm: apiKeys.tpm },
  ...{ monthlyLimitNanoUsd: apiKeys.monthlyLimitNanoUsd, expiresAtMs: apiKeys.expiresAtMs },
  ...{ revokedAtMs: apiKeys.revokedAtMs, usedAtMs: apiKeys.usedAtMs, createdAtMs: apiKeys.createdAtMs },
  ...{ previousExpiresAtMs: apiKeys.previousExpiresAtMs, creatorId: users.id, creatorEmail: users.email },
}

/** Which keys the actor may see at all; undefined: every key. */
export function visibleKeys(scope: Pick<Scope, 'actor'>): SQL | undefined {
  const own = visibleTeams(scope)
  return own === null ? undefined : inArray(apiKeys.teamId, [...own])
}

/** The visible keys that `where` describes, in the order and number that `page` says. */
export async function selectKeys(
  reader: Reader,
  scope: Pick<Scope, 'actor' | 'now'>,
  where: SQL | undefined,
  page?: { orderBy: SQL; skip: number; limit: number },
): Promise<Key[]> {
  const query = reader
    .select(COLUMNS)
    .from(apiKeys)
    .leftJoin(teams, eq(teams.id, apiKeys.teamId))
    .leftJoin(users, eq(users.id, apiKeys.createdBy))
    .where(and(visibleKeys(scope), where))
    .$dynamic()
  const rows = await (page ? query.orderBy(page.orderBy).limit(page.limit).offset(page.skip) : query)
  const spent = await monthSpent(reader, scope, rows)
  return rows.map(({ scopes, models, creatorId, creatorEmail, ...row }) => {
    const createdBy = creatorId && creatorEmail !== null ? { id: creatorId, email: creatorEmail } : null
    const kept = { ...row, scopes: JSON.parse(scopes) as KeyScope[], models: namesIn(models), createdBy }
    const monthSpentNanoUsd = spent.get(row.id) ?? (0n as NanoUsd)
    return { ...kept, monthSpentNanoUsd, status: statusOf(kept, scope.now()), version: versionOf(decided(kept)) }
  })
}

/** What calls of these keys have cost this month, by the sums of days. */
async function monthSpent(reader: Reader, { now }: Pick<Scope, 'now'>, keys: readonly { id: KeyId }[]) {
  if (keys.length === 0) return new Map<KeyId, NanoUsd>()
  const rowsOfKeys = JSON.stringify(keys.map(({ id }) => rowOf('key', id)))
  const rows = await reader
    .select({ key: gatewayDays.key, cost: sql<bigint>`sum(${gatewayDays.costNanoUsd})` })
    .from(gatewayDays)
    .where(
      and(
        sql`${gatewayDays.key} in (select value from json_each(${rowsOfKeys}))`,
        gte(gatewayDays.day, `${dayOf(now()).slice(0, 7)}-01` as Day),
      ),
    )
    .groupBy(gatewayDays.key)
  return new Map(rows.map(({ key, cost }) => [idText('key', key), cost as NanoUsd]))
}

/** What of a key has a version: the part that people decide. That it was used, or ran out, is no change of theirs. */
export function decided(key: Omit<Key, 'status' | 'version' | 'monthSpentNanoUsd'> & Partial<Key>): object {
  const { usedAtMs, status, version, monthSpentNanoUsd, ...kept } = key
  return kept
}

function statusOf({ revokedAtMs, expiresAtMs }: Pick<Key, 'revokedAtMs' | 'expiresAtMs'>, nowMs: EpochMs) {
  if (revokedAtMs !== null) return 'revoked'
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'active'
}

function namesIn(json: string | null): string[] | null {
  return json === null ? null : (JSON.parse(json) as string[])
}
