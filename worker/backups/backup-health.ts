import { minutesSince } from '../monitoring/clock-runs.ts'
import type { Scope } from '../scope.ts'
import type { BackupStore } from './backup-store.ts'

/** A night may be lost before somebody is told. */
const LATE_HOURS = 48

type Asked = Pick<Scope, 'db' | 'now'> & { backups?: BackupStore | null }

/** Whether a backup was made lately, where there is a bucket for them. */
export async function backupHealth(asked: Asked): Promise<{ isFine: boolean; message: string }> {
  if (!asked.backups) return { isFine: true, message: 'No backups are configured' }
  const hours = Math.floor((await minutesSince(asked, 'backup')) / 60)
  if (hours < LATE_HOURS) return { isFine: true, message: 'Backups are made' }
  return { isFine: false, message: `No backup has been made for ${hours} hours` }
}
