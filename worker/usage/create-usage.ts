import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { usageSnapshots } from '../../db/schema/costs.ts'
import { shareSoon } from '../analytics/share.ts'
import { usageChangedInside } from '../analytics/usage-changed.ts'
import { note } from '../audit/note.ts'
import { nameOf } from '../costs/cost-fields.ts'
import { dayIn } from '../costs/cost-input.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { versioned } from '../versions.ts'
import { onDays, poolDayOf, readUsage, requireFreeKey, type UsageAlone } from './usage.ts'
import type { NewUsage } from './usage-input.ts'

/** Enters what was measured; what was held that day is judged by it. @throws HelioxError conflict `usage.usage_exists` */
export async function createUsage(scope: Scope, input: z.output<typeof NewUsage>): Promise<UsageAlone> {
  allow(scope, 'bills:write')
  const { provider, gpuType, gpuHours: gpuSeconds } = input
  const date = dayIn(input)
  if (!date) throw new HelioxError('invalid', 'usage.no_day', 'Invalid request: date: a day is needed')
  const created = await writeTransaction(scope.db, async (tx) => {
    const poolId = await findOrCreatePool(tx, input)
    await requireFreeKey(tx, { date, provider, gpuType }, poolId)
    const fields = { entryDate: date, poolId, gpuSeconds }
    const [row] = await tx.insert(usageSnapshots).values(fields).returning({ id: usageSnapshots.id })
    if (!row) throw new Error('the usage was not stored')
    await usageChangedInside(tx, poolDayOf(row.id))
    const after = await readUsage(tx, scope, row.id)
    await note(tx, scope, { action: 'usage.create', targetId: row.id, target: nameOf(after), after })
    return versioned(after)
  })
  await shareSoon(scope, onDays(date))
  return created
}
