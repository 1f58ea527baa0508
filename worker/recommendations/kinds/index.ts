import { allocatedIdle } from './allocated-idle.ts'
import { batchTier } from './batch-tier.ts'
import { buyInstead } from './buy-instead.ts'
import { cheaperPlace } from './cheaper-place.ts'
import { commitment } from './commitment.ts'
import { idlePool } from './idle-pool.ts'
import type { AdviceKind } from './kind.ts'
import { modelSwap } from './model-swap.ts'
import { noCheckpoint } from './no-checkpoint.ts'
import { repeatedPrompts } from './repeated-prompts.ts'
import { retriedWork } from './retried-work.ts'
import { wrongSize } from './wrong-size.ts'
import { zombieJob } from './zombie-job.ts'

/** Every kind of advice: a new one is its file and its line here. */
export const ADVICE_KINDS: readonly AdviceKind[] = [
  ...[idlePool, allocatedIdle, zombieJob, noCheckpoint, retriedWork, wrongSize],
  ...[commitment, cheaperPlace, modelSwap, repeatedPrompts, batchTier, buyInstead],
]
