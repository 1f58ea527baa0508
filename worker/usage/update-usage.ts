import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { usageSnapshots } from '../../db/schema/costs.ts'
import { shareSoon } from '../analytics/share.ts'
import { usageChangedInside } from '../analytics/usage-changed.ts'
import { note } from '../audit/note.ts'
import { nameOf } from '../costs/cost-fields.ts'
import { dayIn } from '../costs/cost-input.ts'
import { findOrCreatePool } from '../costs/pool.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { isChanged, requireVersion, versioned } from '../versions.ts'
import { onDays, poolDayOf, readUsage, requireFreeKey, type Usage, type UsageAlone } from './usage.ts'
import type { UsageChange } from './usage-input.ts'

/**
 * Changes a measurement.
 *
 * @throws HelioxError not_found `usage.no_usage`; precondition `request.version_changed`; conflict `usage.usage_exists`
 */
export async function updateUsage(scope: Scope, input: z.output<typeof UsageChange>): Promise<UsageAlone> {
  allow(scope, 'bills:write')
  const { id, version } = input
  const { before, stored } = await writeTransaction(scope.db, async (tx) => {
    const before = await readUsage(tx, scope, id)
    requireVersion(before, version)
    const after: Usage = {
      ...{ id, date: dayIn(input) ?? before.date, provider: input.provider ?? before.provider },
      ...{ gpuType: input.gpuType ?? before.gpuType, gpuSeconds: input.gpuHours ?? before.gpuSeconds },
      source: 'measured', // a person has said so, and what is derived does not write over it
    }
    const poolId = await findOrCreatePool(tx, after)
    await requireFreeKey(tx, after, poolId, id)
    const fields = { entryDate: after.date, poolId, gpuSeconds: after.gpuSeconds, source: '' }
    await usageChangedInside(tx, poolDayOf(id))
    await tx.update(usageSnapshots).set(fields).where(eq(usageSnapshots.id, id))
    await usageChangedInside(tx, poolDayOf(id))
    const stored = await readUsage(tx, scope, id)
    if (isChanged(before, stored))
      await note(tx, scope, { action: 'usage.update', targetId: id, target: nameOf(stored), before, after: stored })
    return { before, stored }
  })
  await shareSoon(scope, onDays(before.date, stored.date))
  return versioned(stored)
}
