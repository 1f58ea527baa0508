import { type Endpoint, wholeIn } from './endpoint.ts'

/** The older way: a prompt without roles. Without `max_tokens` OpenAI answers with 16 at most, others with any number. */
export const completions: Endpoint = {
  name: 'completions',
  path: '/completions',
  canStream: true,
  mostOutput: (body) => {
    const most = wholeIn(body.max_tokens)
    const prompts = Array.isArray(body.prompt) && typeof body.prompt[0] === 'string' ? body.prompt.length : 1
    return most === null ? null : most * (wholeIn(body.best_of) ?? wholeIn(body.n) ?? 1) * prompts
  },
  withMostOutput: (body, most) => ({ ...body, max_tokens: Math.max(1, Math.floor(most)) }),
  inputOf: ({ prompt, suffix }) => [prompt, suffix],
  words: ['prompt', 'suffix'],
}
