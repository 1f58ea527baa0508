import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { writeTransaction } from '../../db/client.ts'
import { gpuRules } from '../../db/schema/gpu-rules.ts'
import { note } from '../audit/note.ts'
import { IdText, SeenVersion } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { requireVersion } from '../versions.ts'
import { applyMoves } from './apply-moves.ts'
import { nameOf, readRule } from './gpu-rule.ts'
import { movesAfter } from './moves.ts'
import { readRules } from './rule-book.ts'
import { affectedBy } from './update-rule.ts'

export const RuleRemoval = z.object({ id: IdText('rule'), version: SeenVersion })

/**
 * Takes a rule away. Lines that it decided become again what they are recognised as without it, from the texts that are
 * stored of them; a bill that is read again says it anew. The rule goes last: cut off, doing it again completes it.
 *
 * @throws HelioxError not_found `gpu_rules.no_rule`; precondition `request.version_changed`
 */
export async function removeRule(scope: Scope, { id, version }: z.output<typeof RuleRemoval>): Promise<void> {
  allow(scope, 'bill-rules:write')
  const before = await readRule(scope.db, id)
  requireVersion(before, version)
  const others = (await readRules(scope.db)).filter((rule) => rule.id !== id)
  const moves = await movesAfter(scope.db, others, affectedBy(before, null))
  await applyMoves(scope, moves, { targetId: id, target: nameOf(before) })
  await writeTransaction(scope.db, async (tx) => {
    requireVersion(await readRule(tx, id), version)
    await tx.delete(gpuRules).where(eq(gpuRules.id, id))
    await note(tx, scope, { action: 'gpu_rules.remove', targetId: id, target: nameOf(before), before, after: null })
  })
}
