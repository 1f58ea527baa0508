import type { Id } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { ChannelRow, ChannelScope } from '../channels/channel.ts'
import { storedOf } from '../channels/channel.ts'
import { channelAddressRefusal } from '../channels/channel-fields.ts'
import { kindOf } from '../channels/kinds/index.ts'
import type { Answered, ChannelKind, Mail, Outgoing } from '../channels/kinds/kind.ts'
import { cut } from '../channels/kinds/words.ts'
import { expected } from '../errors.ts'
import { unseal, withoutSecrets } from '../seal.ts'
import type { Message } from './message.ts'

/** Until a receiver has answered, its body included. */
export const TIMEOUT_MS = 10_000
/** Of a receiver's answer no more is read. */
const MOST_BYTES = 4096

/**
 * What came of one attempt, in words without an address or a secret. `again`: it may go well later, not before
 * `notBeforeMs` where the receiver said so. `hopeless`: the same would come of every further attempt.
 */
export type Outcome = {
  is: 'accepted' | 'again' | 'hopeless'
  words: string
  notBeforeMs: EpochMs | null
  durationMs: number
}

/** Statuses of 4xx that pass by themselves; the others are hopeless. */
const PASSING = [408, 425, 429]

/**
 * Sends a message to a channel once, and says what came of it; it throws nothing. A receiver that is too slow may have
 * taken the message: the next attempt carries the same delivery id.
 */
export async function sendTo(
  scope: ChannelScope,
  channel: ChannelRow,
  message: Message,
  delivery: { id: Id<'dlv'>; createdAtMs: EpochMs },
): Promise<Outcome> {
  const startedMs = Date.now()
  const said = (is: Outcome['is'], words: string, notBeforeMs: EpochMs | null = null): Outcome => {
    return { is, words, notBeforeMs, durationMs: Date.now() - startedMs }
  }
  const kind = kindOf(channel.kind)
  if (message.kind === 'digest' && !kind.takesDigests) return said('hopeless', 'Channels of this kind take no digests')
  let secrets: Record<string, string> = {}
  try {
    secrets = await unseal(scope.settings.secretKey, channel.id, channel.secrets)
    const { publicUrl } = scope.settings
    const link = publicUrl && message.href.startsWith('/') ? `${publicUrl}${message.href}` : null
    const sending = { ...delivery, nowMs: scope.now(), link }
    const own = { config: storedOf(channel).config as never, secrets: secrets as never }
    const outgoing = await kind.request(own, message, sending)
    if (outgoing.by === 'binding') return await byBinding(scope, outgoing.mail, said)
    const why = channelAddressRefusal(scope.settings, outgoing.url)
    if (why !== null) return said('hopeless', `The address ${why}`)
    const answered = await post(outgoing)
    if (typeof answered === 'string') return said('again', `${kind.label} ${answered}`)
    const { is, words, notBeforeMs } = judged(kind, answered, scope.now())
    return said(is, withoutSecrets(words, secrets), notBeforeMs)
  } catch (error) {
    const known = expected(error)
    if (known) return said('hopeless', withoutSecrets(known.message, secrets))
    scope.log.error('delivery.failed', { id: delivery.id, error: error instanceof Error ? error.name : 'unknown' })
    return said('again', 'Something went wrong: see the log')
  }
}

/** What a receiver's answer means. */
export function judged(kind: ChannelKind, answered: Answered, nowMs: EpochMs): Omit<Outcome, 'durationMs'> {
  const { status, retryAfter, body } = answered
  const isTaken = status >= 200 && status < 300 && (kind.accepts?.(answered) ?? true)
  if (isTaken) return { is: 'accepted', words: `${kind.label} took it (${status})`, notBeforeMs: null }
  const reason = cut((kind.reason?.(body) ?? '').replace(/https?:\S+/g, '…').replace(/\s+/g, ' '), 200)
  const words = `${kind.label} answered ${status}${reason ? `: ${reason}` : ''}`
  if (status >= 300 && status < 400)
    return { is: 'hopeless', words: `${words}: it sends on elsewhere, which is not followed`, notBeforeMs: null }
  const passes = status >= 500 || status < 400 || PASSING.includes(status)
  return { is: passes ? 'again' : 'hopeless', words, notBeforeMs: passes ? instantOf(retryAfter, nowMs) : null }
}

/** Retry-After: seconds, or a date (RFC 9110 §10.2.3); null: it says nothing that can be read. */
function instantOf(retryAfter: string | null, nowMs: EpochMs): EpochMs | null {
  if (retryAfter === null) return null
  const seconds = /^\s*\d{1,9}(\.\d+)?\s*$/.test(retryAfter) ? Number(retryAfter) : Number.NaN
  const atMs = Number.isNaN(seconds) ? Date.parse(retryAfter) : nowMs + Math.ceil(seconds * 1000)
  return Number.isNaN(atMs) || atMs <= nowMs ? null : (atMs as EpochMs)
}

/** The answer, or why there is none, in words that follow the receiver's name. The runtime's own may quote the address. */
async function post({ url, headers, body }: Outgoing & { by: 'http' }): Promise<Answered | string> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS)
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', headers: { 'user-agent': 'Heliox', ...headers }, body },
      ...{ redirect: 'manual' as const, signal: abort.signal },
    })
    const retryAfter = response.headers.get('retry-after')
    return { status: response.status, retryAfter, body: await beginningOf(response) }
  } catch {
    return abort.signal.aborted ? `did not answer within ${TIMEOUT_MS / 1000} seconds` : 'cannot be reached'
  } finally {
    clearTimeout(timer)
  }
}

/** A body that breaks off behind its status changes nothing about the status. */
async function beginningOf({ body }: Response): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    while (size < MOST_BYTES) {
      const { done, value } = await reader.read()
      if (done) break
      pieces.push(value)
      size += value.byteLength
    }
  } catch {
    // what has come is enough
  }
  await reader.cancel().catch(() => undefined)
  return new TextDecoder().decode(Buffer.concat(pieces).subarray(0, MOST_BYTES))
}

/** Errors of the binding that no repetition mends (developers.cloudflare.com/email-service/api/send-emails/workers-api, error codes). */
const HOPELESS_MAIL = /^E_(VALIDATION|FIELD|SENDER|RECIPIENT|TOO_MANY|CONTENT|HEADER)/

async function byBinding(
  { settings: { mail: binding } }: ChannelScope,
  { from, to, subject, text, html, headers }: Mail,
  said: (is: Outcome['is'], words: string) => Outcome,
): Promise<Outcome> {
  if (!binding) return said('hopeless', 'This deployment cannot send e-mail by itself any more: bind EMAIL')
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    const named = /^\s*([^<>]*?)\s*<([^<>]+)>$/.exec(from)
    const sender = named?.[1] && named[2] ? { name: named[1], email: named[2] } : (named?.[2] ?? from)
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), TIMEOUT_MS)
    })
    const sent = binding.send({ from: sender, to: [...to], subject, text, html, headers: { ...headers } })
    if ((await Promise.race([sent, late])) === 'late')
      return said('again', `The mail service did not answer within ${TIMEOUT_MS / 1000} seconds`)
    return said('accepted', 'Cloudflare took it')
  } catch (error) {
    const code = String((error as { code?: unknown }).code ?? '')
    const words = /^E_[A-Z_]{1,60}$/.test(code) ? `Cloudflare refused it: ${code}` : 'Cloudflare did not take it'
    return said(HOPELESS_MAIL.test(code) ? 'hopeless' : 'again', words)
  } finally {
    clearTimeout(timer)
  }
}
