import { openStream } from './live-stream.ts'
import { type Marks, type News, newsIn, type Told } from './marks.ts'

/** Of the lock that the tab with the stream holds, and of the channel on which it tells the others. */
const NAME = 'heliox-live'

/**
 * Tells this tab what has moved, until the answer is called. One tab of a browser has the stream open and tells the others:
 * a browser has six connections to a host, and tabs are many. A tab that nobody looks at neither holds the stream nor
 * hears: it asks again when it is looked at. Where the browser has no locks (plain http) each tab has its own stream.
 */
export function followChanges(onNews: (news: News) => void, onRefused: () => void): () => void {
  const channel = new BroadcastChannel(NAME)
  let known: Marks | null = null
  let letGo: (() => void) | null = null
  const take = (told: Told) => {
    const news = newsIn(known, told)
    known = told.marks
    if (news && !document.hidden) onNews(news)
  }
  channel.onmessage = ({ data }: MessageEvent<Told>) => take(data)
  const hold = () =>
    openStream((told) => {
      take(told)
      channel.postMessage(told)
    }, onRefused)
  const turn = () => {
    if (document.hidden) {
      letGo?.()
      letGo = null
    } else letGo ??= navigator.locks ? holdInTurn(hold) : hold()
  }
  turn()
  document.addEventListener('visibilitychange', turn)
  return () => {
    document.removeEventListener('visibilitychange', turn)
    letGo?.()
    channel.close()
  }
}

/** Holds it as soon as no other tab does; the answer gives it, or the place in the queue, away. */
function holdInTurn(hold: () => () => void): () => void {
  const leaving = new AbortController()
  let release = () => leaving.abort()
  navigator.locks
    .request(NAME, { signal: leaving.signal }, () => {
      const stop = hold()
      return new Promise<void>((resolve) => {
        release = () => {
          stop()
          resolve()
        }
      })
    })
    .catch(() => undefined) // left the queue
  return () => release()
}
