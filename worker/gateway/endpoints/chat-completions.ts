import { type Endpoint, wholeIn } from './endpoint.ts'

/** `max_tokens` is the older name, which other servers than OpenAI's still read alone. */
export const chatCompletions: Endpoint = {
  name: 'chat.completions',
  path: '/chat/completions',
  canStream: true,
  mostOutput: (body) => {
    const most = wholeIn(body.max_completion_tokens) ?? wholeIn(body.max_tokens)
    return most === null ? null : most * (wholeIn(body.n) ?? 1)
  },
  withMostOutput: (body, most) => {
    const each = Math.max(1, Math.floor(most / (wholeIn(body.n) ?? 1)))
    return { ...body, [body.max_completion_tokens === undefined ? 'max_tokens' : 'max_completion_tokens']: each }
  },
  inputOf: ({ messages, tools }) => [messages, tools],
  words: ['messages', 'tools', 'functions', 'prediction'],
}
