import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { companySettings } from '../../db/schema/settings.ts'
import { note } from '../audit/note.ts'
import { SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import {
  readSettings,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type Settings,
  type SettingsAlone,
} from './settings.ts'

const changes = Object.fromEntries(
  SETTING_NAMES.map((name) => [name, SETTINGS[name].value.nullish().describe('null: back to the default')]),
) as { [Name in SettingName]: z.ZodOptional<z.ZodNullable<(typeof SETTINGS)[Name]['value']>> }

/** What is absent stays; null goes back to the default. */
export const SettingsChange = z.object({ ...changes, version: SeenVersion })

/**
 * Decides for everybody. Each setting that became another one is a line of the audit log.
 *
 * @throws HelioxError forbidden `auth.role`, `auth.key_scope`; precondition `request.version_changed`
 */
export async function updateSettings(scope: Scope, input: z.output<typeof SettingsChange>): Promise<SettingsAlone> {
  allow(scope, 'settings:write')
  const { version, ...given } = input
  return writeTransaction(scope.db, async (tx) => {
    const before = await readSettings(tx)
    requireVersion(before, version)
    for (const name of SETTING_NAMES) {
      const value = given[name]
      if (value === undefined) continue
      await tx.delete(companySettings).where(eq(companySettings.name, name))
      if (value === null) continue
      const row = { name, value: JSON.stringify(value), changedAtMs: scope.now() }
      await tx.insert(companySettings).values(row)
    }
    const after = await readSettings(tx)
    for (const name of SETTING_NAMES) await noteChange(tx, scope, name, before, after)
    return versioned(after)
  })
}

async function noteChange(
  tx: Parameters<typeof note>[0],
  scope: Scope,
  name: SettingName,
  before: Settings,
  after: Settings,
): Promise<void> {
  const [was, is] = [before, after].map((all) => ({ [name]: all[name] })) as [object, object]
  if (!isChanged(was, is)) return
  await note(tx, scope, {
    action: 'settings.update',
    targetId: name,
    target: SETTINGS[name].title,
    before: was,
    after: is,
  })
}
