import { addDays, type Day, dayOf, type EpochMs, startOf } from '../../../db/units/time.ts'
import type { Questions } from '../../api.ts'
import type { Key } from './key-table.tsx'

/** What each scope lets a key do, in words. */
export const SCOPES = {
  ingest: 'Send files, jobs, costs and usage',
  'usage:read': 'Read jobs, costs, usage and every sum of them',
  inference: 'Ask models through the gateway',
  'models:read': 'List the models of the gateway',
  admin: 'All that an administrator may do',
} as const satisfies Record<Key['scopes'][number], string>
export type KeyScope = keyof typeof SCOPES

/** What a scope lets a key do: one of a team sends no bills, which are the company's. */
export function scopeWords(name: KeyScope, isCompany: boolean): string {
  return name === 'ingest' && !isCompany ? 'Send files of jobs' : SCOPES[name]
}

type Created = Questions['keys']['create']
export type KeyInput = Pick<
  Created,
  'name' | 'scopes' | 'models' | 'rpm' | 'tpm' | 'monthlyLimitUsd' | 'expiresAt' | 'teamId'
>

/**
 * A form as the question for the server, which checks it. Empty means no limit. The day of expiry is the last on which
 * the key works (UTC); a day that was not touched is not sent, since it may stand for an hour of that day.
 */
export function readKeyForm(form: FormData, shownDay: string): KeyInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const models = text('models')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const day = text('expires')
  return {
    name: text('name'),
    scopes: form.getAll('scopes').map(String) as KeyScope[],
    models: models.length > 0 ? models : null,
    rpm: text('rpm') === '' ? null : Number(text('rpm')),
    tpm: text('tpm') === '' ? null : Number(text('tpm')),
    monthlyLimitUsd: text('limit') === '' ? null : text('limit'),
    ...(day === shownDay ? {} : { expiresAt: day === '' ? null : new Date(endOf(day as Day)).toISOString() }),
    ...(form.has('team') ? { teamId: text('team') || null } : {}),
  }
}

/** The last UTC day on which a key works; '' for ever. */
export function lastDayOf(expiresAt: string | null): string {
  return expiresAt === null ? '' : dayOf((Date.parse(expiresAt) - 1) as EpochMs)
}

function endOf(day: Day): EpochMs {
  return startOf(addDays(day, 1))
}
