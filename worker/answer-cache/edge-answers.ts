import type { Asking } from '../asking.ts'

/** As much of the Cache API as is used here. */
type EdgeCache = {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}
export type EdgeAnswers = {
  find(tag: string): Promise<Uint8Array<ArrayBuffer> | null>
  /** Goes on after the answer has been sent. */
  keep(tag: string, json: Uint8Array<ArrayBuffer>): void
}

/** A changed ledger makes other tags, so this only says when the room is given back. */
const KEPT_SECONDS = 86_400

/**
 * The answers that the isolates of one Cloudflare location share; null where Cloudflare is not in front, as on one machine,
 * whose only isolate has its own memory. They stand under an address of ours with the signed tag in it, which has the
 * ledger's version and the reach of the asker in it and cannot be guessed; the Worker answers nothing there. A cache that
 * fails is none.
 */
export function edgeAnswersOf({
  request,
  outlive,
  log,
}: Pick<Asking, 'request' | 'outlive' | 'log'>): EdgeAnswers | null {
  const { caches } = globalThis as { caches?: { default?: EdgeCache } }
  const isCloudflare = (request as { cf?: object }).cf !== undefined
  const cache = isCloudflare ? caches?.default : undefined
  if (!cache) return null
  const addressOf = (tag: string) => new URL(`/api/kept-answers/${tag}`, request.url).href
  const failed = (error: unknown) => {
    log.warn('answer_cache.edge_failed', { error: String(error) })
    return null
  }
  return {
    find: async (tag) => {
      const found = await cache.match(addressOf(tag)).catch(failed)
      return found ? new Uint8Array(await found.arrayBuffer()) : null
    },
    keep: (tag, json) => {
      const headers = { 'content-type': 'application/json', 'cache-control': `max-age=${KEPT_SECONDS}` }
      outlive(cache.put(addressOf(tag), new Response(json, { headers })).catch(failed))
    },
  }
}
