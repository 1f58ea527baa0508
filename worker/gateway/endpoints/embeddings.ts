import type { Endpoint } from './endpoint.ts'

/** Has no output: what is paid is what goes in. */
export const embeddings: Endpoint = {
  name: 'embeddings',
  path: '/embeddings',
  canStream: false,
  choices: () => 1,
  mostOutput: () => 0,
  withMostOutput: (body) => body,
  inputOf: ({ input }) => input,
  words: ['input'],
}
