import { sql } from 'drizzle-orm'
import { check, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { intColumn } from './columns.ts'

/** A kind of GPU at a provider: what jobs hold and bills price. `gpu_type` '' is cost that is not GPU cost. */
export const pools = sqliteTable(
  'pools',
  {
    id: intColumn('id').primaryKey(),
    provider: text('provider').notNull(), // lower-cased and trimmed at the door, like gpuType
    gpuType: text('gpu_type').notNull(),
  },
  (t) => [
    uniqueIndex('pools_key').on(t.provider, t.gpuType), // the pool of a row in a file
    check('pools_provider_ck', sql`${t.provider} <> '' and ${t.provider} = lower(trim(${t.provider}))`),
    check('pools_gpu_type_ck', sql`${t.gpuType} = lower(trim(${t.gpuType}))`),
  ],
)
