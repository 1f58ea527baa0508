import { sql } from 'drizzle-orm'
import { channels } from '../../db/schema/channels.ts'
import type { ChannelId, TeamId } from '../../db/units/ids.ts'
import { type Settings, settingsOf } from '../env.ts'
import type { Scope } from '../scope.ts'
import type { AlertScope } from './kinds/kind.ts'

/** What a look has, around a scope of a test: no meter. */
export function alertScope(scope: Scope): AlertScope {
  return { ...scope, settings: SETTINGS, meter: null }
}

const SETTINGS: Settings = settingsOf({
  ...{ ENV: 'development', DATABASE_URL: 'http://127.0.0.1:1', SECRET_KEY: 'a-secret-key-of-this-test-0123456789' },
  ADMIN_API_KEY: 'an-admin-key-of-this-test',
})

/** As where somebody has removed the rules that every installation begins with: only those of the test find something. */
export async function withoutFirstRules({ db }: Pick<Scope, 'db'>): Promise<void> {
  await db.run(sql`insert into company_settings (name, value, changed_at_ms) values ('alerts.default_rules', '{}', 0)`)
}

/** A channel as it is stored, without a way to anywhere. */
export async function storeChannel(scope: Pick<Scope, 'db' | 'now'>, teamId: TeamId | null = null): Promise<ChannelId> {
  const at = { createdAtMs: scope.now(), changedAtMs: scope.now() }
  const row = { name: 'ops', kind: 'webhook', teamId, config: '{}', isEnabled: true, ...at }
  const [made] = await scope.db.insert(channels).values(row).returning({ id: channels.id })
  if (!made) throw new Error('no channel')
  return made.id
}
