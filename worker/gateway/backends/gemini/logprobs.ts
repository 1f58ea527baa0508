import { type JsonObject, objectIn, objectsIn, textIn } from '../json-parts.ts'

/** Gemini's `logprobsResult` as OpenAI's `logprobs`; null where there is none. */
export function logprobsOf(result: unknown): { content: object[]; refusal: null } | null {
  const { chosenCandidates, topCandidates } = objectIn(result)
  if (!Array.isArray(chosenCandidates)) return null
  const tops = objectsIn(topCandidates)
  const content = objectsIn(chosenCandidates).map((chosen, index) => ({
    ...tokenOf(chosen),
    top_logprobs: objectsIn(tops[index]?.candidates).map(tokenOf),
  }))
  return { content, refusal: null }
}

function tokenOf({ token, logProbability }: JsonObject) {
  const text = textIn(token)
  return { token: text, logprob: Number(logProbability ?? 0), bytes: [...new TextEncoder().encode(text)] }
}
