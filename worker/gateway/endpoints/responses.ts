import { cappedBody, type Endpoint, wholeIn } from './endpoint.ts'

/** OpenAI's newer way. Passed through as it is; its usage is metered. */
export const responses: Endpoint = {
  name: 'responses',
  path: '/responses',
  canStream: true,
  choices: () => 1,
  mostOutput: ({ max_output_tokens: most }) => wholeIn(most),
  withMostOutput: (body, most) => cappedBody(body, ['max_output_tokens'], Math.max(1, Math.floor(most))),
  inputOf: ({ input, instructions, tools }) => [input, instructions, tools],
  words: ['input', 'instructions', 'tools', 'prompt'],
}
