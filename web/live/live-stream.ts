import { waitMs } from './backoff.ts'
import type { Marks, Told } from './marks.ts'

/**
 * Holds the stream of changes open until the answer is called: the server ends it after some minutes, and it is opened
 * again at once; broken off, or refused, after a while that grows. `onRefused` hears that nothing came at all.
 */
export function openStream(onTold: (told: Told) => void, onRefused: () => void): () => void {
  let events: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const again = (afterMs: number) => {
    events?.close()
    timer = setTimeout(open, afterMs)
  }
  const open = () => {
    let hasAnswered = false
    events = new EventSource('/api/v1/live')
    for (const name of ['state', 'ledger', 'import', 'calls', 'end'])
      events.addEventListener(name, ({ data }: MessageEvent<string>) => {
        hasAnswered = true
        failures = 0
        if (name === 'end') again(waitMs(0, Math.random()))
        else onTold({ marks: JSON.parse(data) as Marks, isNews: name !== 'state' })
      })
    events.onerror = () => {
      if (!hasAnswered) onRefused()
      again(waitMs(failures, Math.random()))
      failures += 1
    }
  }
  open()
  return () => {
    clearTimeout(timer)
    events?.close()
  }
}
