import { cappedBody, type Endpoint, wholeIn } from './endpoint.ts'

/** `max_tokens` is the older name, which other servers than OpenAI's still read alone: where both are said the larger one counts. */
const LIMITS = ['max_completion_tokens', 'max_tokens'] as const

export const chatCompletions: Endpoint = {
  name: 'chat.completions',
  path: '/chat/completions',
  canStream: true,
  choices,
  mostOutput: (body) => {
    const most = Math.max(...LIMITS.map((name) => wholeIn(body[name]) ?? 0))
    return most === 0 ? null : most * choices(body)
  },
  withMostOutput: (body, most) => cappedBody(body, LIMITS, Math.max(1, Math.floor(most / choices(body)))),
  inputOf: ({ messages, tools }) => [messages, tools],
  words: ['messages', 'tools', 'functions', 'prediction'],
}

function choices({ n }: Readonly<Record<string, unknown>>): number {
  return wholeIn(n) ?? 1
}
