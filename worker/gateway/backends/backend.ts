import type { BackendKind } from '../../../db/units/backend-kinds.ts'
import type { BackendId } from '../../../db/units/ids.ts'
import type { EndpointName } from '../endpoints/endpoint.ts'
import type { BackendRef } from '../meter/messages.ts'
import type { OpenAiError } from '../openai-error.ts'
import type { SaidUsage } from '../tokens/openai-usage.ts'

/** A backend as the gateway asks it, its secrets open. */
export type KnownBackend = {
  id: BackendRef
  /** Null: the echo of a local run, which is in no table. */
  rowId: BackendId | null
  name: string
  kind: BackendKind
  /** Without a slash at its end; '': the kind's own. */
  baseUrl: string
  secrets: Readonly<Record<string, string>>
  config: Readonly<Record<string, unknown>>
  priority: number
  weight: number
  timeoutMs: number
  retries: number
  maxConcurrency: number | null
}

/** One call as a backend is asked: the client's own JSON, with what the gateway has to change in it. */
export type Ask = {
  endpoint: EndpointName
  body: Readonly<Record<string, unknown>>
  /** The same as the client sent it, byte for byte; null where the gateway has changed it. */
  raw: string | null
  upstreamModel: string
  isStream: boolean
  /** Whether the client itself wants the usage at the end of a stream. */
  wantsUsage: boolean
  requestId: string
  /** That the gateway has set a limit of output: where the client had said none, or below or beside its own. */
  capped?: 'added' | 'lowered' | null | undefined
}

export type UpstreamRequest = { url: string; headers: Record<string, string>; body: string }

/** What was learned of an answer beside its text. */
export type Learned = {
  usage: SaidUsage | null
  /** As the backend calls what it served; null: it does not say. */
  model: string | null
  serviceTier: string | null
}

/** Turns the text of a stream into what the client reads, piece by piece, and learns what it used. */
export type StreamReader = {
  /** What the client gets for a further piece of the backend's text, which may end anywhere. */
  read: (text: string) => string
  /** What is left when the backend has ended it. */
  end: () => string
  learned: () => Learned & {
    /** Pieces of output so far: about as many tokens, where no usage ever comes. */
    pieces: number
    /** Whether it came to its own end. */
    isDone: boolean
    /** What the backend said went wrong in the middle; ''. */
    error: string
  }
}

/**
 * One kind of backend: how it is asked and how its answers become OpenAI's. A new kind is one file and one line in the
 * registry.
 */
export type Backend = {
  kind: BackendKind
  serves: readonly EndpointName[]
  /** Who is paid, in the words of bills: "openai", "anthropic". */
  providerOf: (backend: KnownBackend) => string
  /** @throws OpenAiError 400 for what this kind cannot do, before it is asked */
  request: (ask: Ask, backend: KnownBackend) => UpstreamRequest
  /** Answers without the network: what it does in place of a fetch; null: this backend is fetched after all. */
  send?: (ask: Ask, bindings: object, backend: KnownBackend) => Promise<Response> | null
  /** The client's JSON of a whole answer. @throws OpenAiError 502 where it is none */
  answer: (text: string, ask: Ask) => Learned & { text: string }
  stream: (ask: Ask) => StreamReader
  /** A refusal in OpenAI's words. */
  refusal: (status: number, text: string) => OpenAiError
  /** What a probe asks with GET; null: there is nothing to ask. */
  probe: (backend: KnownBackend) => { url: string; headers: Record<string, string> } | null
  /** By which name it is told the limit of a chat's output; absent: it reads either. */
  limit?: (backend: KnownBackend) => 'max_tokens' | 'max_completion_tokens'
  /** Exactly how many tokens it will answer with at most, where it knows; else null. */
  mostOutput?: (ask: Pick<Ask, 'body' | 'endpoint'>) => { inputTokens: number; outputTokens: number }
}
