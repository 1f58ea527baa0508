import type { ImportId } from '../../db/units/ids.ts'
import { rootCause } from '../errors.ts'
import { machine, type Scope } from '../scope.ts'
import { buryUpload, consumeUpload } from './consume-upload.ts'
import type { KeptFiles, QueuedImport } from './kept-files.ts'

/** Messages that failed every time arrive here, see wrangler.toml. */
export const DEAD_QUEUE = 'heliox-imports-dead'

/** Seconds before the second, third, … try. */
const RETRY_SECONDS = [5, 30, 120, 600]

/** What Heliox needs of a batch of messages. */
type Batch = {
  readonly queue: string
  readonly messages: readonly {
    readonly body: unknown
    readonly attempts: number
    ack(): void
    retry(options?: { delaySeconds?: number }): void
  }[]
}

/** Reads the kept files that the messages name, one after the other: each on a database client of its own. */
export async function consumeBatch(
  scope: () => Omit<Scope, 'actor'>,
  kept: KeptFiles,
  { queue, messages }: Batch,
  maxBytes: number,
): Promise<void> {
  for (const message of messages) {
    const { importId } = message.body as QueuedImport
    const own = scope()
    try {
      const consumed =
        queue === DEAD_QUEUE
          ? await buryUpload({ ...own, actor: machine('queue') }, importId as ImportId)
          : await consumeUpload(own, kept, importId as ImportId, maxBytes)
      if (consumed === 'again') message.retry(delayOf(message.attempts))
      else message.ack()
    } catch (error) {
      own.log.error('import.message_failed', { importId, error: String(rootCause(error)) })
      message.retry(delayOf(message.attempts))
    }
  }
}

function delayOf(attempts: number): { delaySeconds: number } {
  return { delaySeconds: RETRY_SECONDS[Math.min(attempts, RETRY_SECONDS.length) - 1] ?? 5 }
}
