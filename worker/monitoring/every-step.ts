import { rootCause } from '../errors.ts'
import type { Log } from '../log.ts'

/** One thing that the clock does, under the name that the log calls it by. */
export type Step = readonly [name: string, work: () => unknown]

/**
 * Does one step after the other, also those behind one that fails: an alert must not wait for a source that cannot be read.
 * @throws the first failure, when all are done, so that the runtime notes that the round failed
 */
export async function everyStep(log: Log, steps: readonly Step[]): Promise<void> {
  const failures: unknown[] = []
  for (const [step, work] of steps)
    try {
      await work()
    } catch (error) {
      failures.push(error)
      log.error('clock.step_failed', { step, error: String(rootCause(error)) })
    }
  if (failures.length > 0) throw failures[0]
}
