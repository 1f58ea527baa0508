import type { z } from 'zod'
import type { EpochMs } from '../../../db/units/time.ts'
import type { Message } from '../../deliveries/message.ts'

/** An e-mail, before whoever sends it turns it into its own form. */
export type Mail = {
  from: string
  to: readonly string[]
  subject: string
  text: string
  html: string
  /** `X-Heliox-Delivery`: the same however often it is sent. */
  headers: Readonly<Record<string, string>>
}

/** What is sent: a POST to a server outside, or an e-mail by the binding of the deployment. */
export type Outgoing =
  | { by: 'http'; url: string; headers: Readonly<Record<string, string>>; body: string }
  | { by: 'binding'; mail: Mail }

/** This sending of a message. */
export type Sending = {
  /** The same at every attempt, so that a receiver can tell a repetition: "dlv_7". */
  id: string
  /** When it was written down. With the id it is unique among deployments that share an account somewhere. */
  createdAtMs: EpochMs
  /** Of this attempt. */
  nowMs: EpochMs
  /** Where to look, as a whole address; null: this deployment does not know its own (PUBLIC_URL). */
  link: string | null
}

/** What a receiver answered: its body as far as it is read. */
export type Answered = { status: number; retryAfter: string | null; body: string }

type Fields<T> = z.ZodType<T> & { shape: Record<string, z.ZodType> }

/**
 * One kind of channel. Adding one: its file, its id and its line in `index.ts`. Fields of `config` and `secrets` carry
 * `title`, `description` and `examples` in their meta: the page makes its form of them.
 */
export type ChannelKind<Config = never, Secrets = never> = {
  id: string
  /** As people call it, also in what went wrong: "Slack answered 404". */
  label: string
  /** How to set it up, in a sentence. */
  describes: string
  /** Whether it takes digests: what wakes people up does not. */
  takesDigests: boolean
  config: Fields<Config>
  /** Every field is text. What lets anybody post is a secret, addresses of webhooks among them. */
  secrets: Fields<Secrets>
  /** Where it tells people, in a few words without a secret. Written down when the channel is, as it needs the secrets. */
  place: (config: Config, secrets: Secrets) => string
  /** What is missing or does not fit together, as `field: words`; null: nothing. */
  problem?: (config: Config, secrets: Secrets) => string | null
  /** Secrets that Heliox makes where none is given, told once: the names of the fields. */
  makes?: readonly string[]
  /** Whom the secrets were given to: while this stays, they may be kept. Absent: the secret itself says where. */
  server?: (config: Config) => string
  /** What is sent. */
  request: (channel: { config: Config; secrets: Secrets }, message: Message, sending: Sending) => Promise<Outgoing>
  /** Whether a 2xx means that it arrived; absent: any does. */
  accepts?: (answered: Answered) => boolean
  /** A receiver's own words for why it refuses, '' for none; absent: its body is not repeated, as it may hold anything. */
  reason?: (body: string) => string
}

export function channelKind<Config, Secrets>(kind: ChannelKind<Config, Secrets>): ChannelKind {
  return kind as unknown as ChannelKind
}
