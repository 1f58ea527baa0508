import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/** Door: the row of a pool, made if there is none yet. Both names are lower-cased and trimmed already. */
export async function findOrCreatePool(tx: Tx, { provider, gpuType }: { provider: string; gpuType: string }) {
  await tx.run(sql`insert into pools (provider, gpu_type) values (${provider}, ${gpuType}) on conflict do nothing`)
  const [pool] = await tx.all<{ id: bigint }>(
    sql`select id from pools where provider = ${provider} and gpu_type = ${gpuType}`,
  )
  if (!pool) throw new Error('the pool was not stored')
  return Number(pool.id)
}
