import type { Scope } from '../scope.ts'
import type { BackupStore } from './backup-store.ts'

const KEPT_DAYS = 30
const DAY_MS = 86_400_000

/** Removes backups that are older than 30 days; never the newest good one, however old it is. Answers their ids. */
export async function prune({ now, log }: Pick<Scope, 'now' | 'log'>, store: BackupStore): Promise<string[]> {
  const all = await store.list()
  const newestGood = all.find(({ status }) => status === 'good')?.id
  const old = all.filter(({ id, madeAtMs }) => id !== newestGood && now() - madeAtMs > KEPT_DAYS * DAY_MS)
  for (const { id } of old) await store.remove(id)
  if (old.length > 0) log.info('backups.pruned', { ids: old.map(({ id }) => id) })
  return old.map(({ id }) => id)
}
