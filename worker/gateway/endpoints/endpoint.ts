export const ENDPOINT_NAMES = ['chat.completions', 'completions', 'embeddings', 'responses'] as const
export type EndpointName = (typeof ENDPOINT_NAMES)[number]

type Body = Readonly<Record<string, unknown>>

/** One way to call a model: where it stands, and what of its body the gateway has to know. */
export type Endpoint = {
  name: EndpointName
  /** Below /v1. */
  path: string
  canStream: boolean
  /** How many answers are asked for: each may be as long as the limit. */
  choices: (body: Body) => number
  /** How much output the client allows, all answers together; null: it does not say. */
  mostOutput: (body: Body) => number | null
  /** The same body, asking for no more output than that, all answers together. */
  withMostOutput: (body: Body, most: number) => Record<string, unknown>
  /** All that is read by the model, for an estimate of its tokens. */
  inputOf: (body: Body) => unknown
  /** Members that hold words of people, which only a team that keeps bodies keeps. */
  words: readonly string[]
}

/** A whole number above zero in a body; null for anything else. */
export function wholeIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null
}

/** The body with its limits, by whichever of these names it has them, no larger than `most`; where it has none, the first is said. */
export function cappedBody(body: Body, names: readonly string[], most: number): Record<string, unknown> {
  const [first] = names
  const given = names.filter((name) => wholeIn(body[name]) !== null)
  const said = given.length > 0 || first === undefined ? given : [first]
  return { ...body, ...Object.fromEntries(said.map((name) => [name, Math.min(wholeIn(body[name]) ?? most, most)])) }
}

const CHARACTERS_A_TOKEN = 4
/** Of the frame around a message, as OpenAI counts it (cookbook, "How to count tokens with tiktoken"). */
const TOKENS_A_MESSAGE = 4
/** Of a picture or a sound, whose size in text says nothing. */
const TOKENS_A_PART = 800

/** About how many tokens some input has: four characters each, which is what English has. For reserving, and for calls that were cut off. */
export function estimateTokens(input: unknown): number {
  if (typeof input === 'string') return Math.ceil(input.length / CHARACTERS_A_TOKEN)
  if (Array.isArray(input)) {
    if (input.every((one) => typeof one === 'number')) return input.length // tokens already
    return input.reduce<number>((sum, one) => sum + estimateTokens(one) + TOKENS_A_MESSAGE, 0)
  }
  if (typeof input !== 'object' || input === null) return 0
  const { type, text, content, ...rest } = input as Record<string, unknown>
  if (typeof type === 'string' && /image|audio|file/.test(type)) return TOKENS_A_PART
  return [text, content, ...Object.values(rest)].reduce<number>((sum, one) => sum + estimateTokens(one), 0)
}
