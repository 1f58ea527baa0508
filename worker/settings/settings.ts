import { z } from 'zod'
import { companySettings } from '../../db/schema/settings.ts'
import { Version } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { anomalyThresholds } from './anomaly-thresholds.ts'
import { nodeSplitMethod } from './node-split-method.ts'
import type { Setting } from './setting.ts'
import { sharedCostSplit } from './shared-cost-split.ts'

/** Every setting, by the name under which it is stored and answered. */
export const SETTINGS = { anomalyThresholds, nodeSplitMethod, sharedCostSplit } as const satisfies Record<
  string,
  Setting<never> | Setting<object>
>

export type SettingName = keyof typeof SETTINGS
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[]
export type SettingValue<Name extends SettingName> = z.output<(typeof SETTINGS)[Name]['value']>

const values = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].value])) as {
  [Name in SettingName]: (typeof SETTINGS)[Name]['value']
}

/** What the company has decided, and the defaults of what it has not. */
export const Settings = z.object(values)
export type Settings = z.output<typeof Settings>

export const SettingsAlone = Settings.extend({ version: Version })
export type SettingsAlone = z.output<typeof SettingsAlone>

/** What can read: the database, or a transaction. */
type Reader = Pick<Scope['db'], 'select'>

/** Every setting, for whoever may read what follows from them; of other teams nothing to who does not see them. */
export async function settings(scope: Scope): Promise<SettingsAlone> {
  allow(scope, 'ledger:read')
  const all = await readSettings(scope.db)
  const teamIds = visibleTeams(scope)
  if (teamIds === null) return versioned(all)
  const shown = SETTING_NAMES.map((name) => {
    const { ofTeams } = SETTINGS[name] as Setting<object>
    return [name, ofTeams ? ofTeams(all[name], teamIds) : all[name]]
  })
  return versioned(Object.fromEntries(shown) as Settings)
}

/** One setting. A door: whatever depends on a setting asks here, and checks itself who asks. */
export async function readSetting<Name extends SettingName>(reader: Reader, name: Name): Promise<Settings[Name]> {
  return (await readSettings(reader))[name]
}

/** All of them: a few rows. What is stored and not understood, as after a step back, counts as not decided. */
export async function readSettings(reader: Reader): Promise<Settings> {
  const { name, value } = companySettings
  const stored = new Map(
    (await reader.select({ name, value }).from(companySettings)).map((row) => [row.name, row.value]),
  )
  const entries = SETTING_NAMES.map((one) => {
    const text = stored.get(one)
    const read = text === undefined ? undefined : SETTINGS[one].value.safeParse(JSON.parse(text))
    return [one, read?.success ? read.data : SETTINGS[one].fallback]
  })
  return Object.fromEntries(entries) as Settings
}
