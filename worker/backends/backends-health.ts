import { sql } from 'drizzle-orm'
import type { Scope } from '../scope.ts'

/** Whether every enabled backend was well when it was last probed. Words without names or addresses. */
export async function backendsHealth({ db }: Pick<Scope, 'db'>): Promise<{ isFine: boolean; message: string }> {
  const [row] = await db.all<{ enabled: bigint; ill: bigint | null }>(sql`
    select count(*) as enabled, sum(h.is_well = 0) as ill
    from backends b left join backend_health h on h.backend_id = b.id where b.is_enabled = 1`)
  const [enabled, ill] = [Number(row?.enabled ?? 0n), Number(row?.ill ?? 0n)]
  if (enabled === 0) return { isFine: true, message: 'The gateway has no backend' }
  if (ill === 0) return { isFine: true, message: 'Backends answer' }
  return { isFine: false, message: `${ill} of ${enabled} ${enabled === 1 ? 'backend' : 'backends'} not well` }
}
