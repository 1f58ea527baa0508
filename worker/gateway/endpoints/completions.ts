import { cappedBody, type Endpoint, wholeIn } from './endpoint.ts'

/** The older way: a prompt without roles. Without `max_tokens` OpenAI answers with 16 at most, others with any number. */
export const completions: Endpoint = {
  name: 'completions',
  path: '/completions',
  canStream: true,
  choices,
  mostOutput: (body) => {
    const most = wholeIn(body.max_tokens)
    return most === null ? null : most * choices(body)
  },
  withMostOutput: (body, most) => cappedBody(body, ['max_tokens'], Math.max(1, Math.floor(most / choices(body)))),
  inputOf: ({ prompt, suffix }) => [prompt, suffix],
  words: ['prompt', 'suffix'],
}

/** A list of texts, or of lists of tokens, is as many prompts; of `best_of` all are paid for. */
function choices({ n, best_of: bestOf, prompt }: Readonly<Record<string, unknown>>): number {
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? Math.max(1, prompt.length) : 1
  return Math.max(wholeIn(n) ?? 1, wholeIn(bestOf) ?? 1) * prompts
}
