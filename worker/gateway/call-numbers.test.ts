import { expect, onTestFinished, test } from 'vitest'
import { answerJson, startGateway, startUpstream } from './testing-upstream.ts'

async function started() {
  const gateway = await startGateway()
  const upstream = await startUpstream(({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(answerJson()),
  )
  onTestFinished(() => upstream.close())
  await gateway.addBackend(upstream.url)
  return { ...gateway, upstream }
}

const PATHS = ['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses']

const UNCLEAR: [string, unknown, unknown, string][] = [
  [
    'max_tokens',
    '30000',
    "Invalid type for 'max_tokens': expected an integer, but got a string instead.",
    'invalid_type',
  ],
  [
    'max_tokens',
    1.5,
    "Invalid type for 'max_tokens': expected an integer, but got a decimal number instead.",
    'invalid_type',
  ],
  [
    'max_tokens',
    true,
    "Invalid type for 'max_tokens': expected an integer, but got a boolean instead.",
    'invalid_type',
  ],
  [
    'max_tokens',
    [100],
    "Invalid type for 'max_tokens': expected an integer, but got an array instead.",
    'invalid_type',
  ],
  [
    'max_tokens',
    0,
    "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got 0 instead.",
    'integer_below_min_value',
  ],
  ['max_completion_tokens', -1, expect.stringContaining('but got -1 instead'), 'integer_below_min_value'],
  ['max_output_tokens', 1e30, expect.stringContaining('but got 1e+30 instead'), 'integer_above_max_value'],
  [
    'n',
    200_000,
    "Invalid 'n': integer above maximum value. Expected a value <= 128, but got 200000 instead.",
    'integer_above_max_value',
  ],
  ['n', '50', expect.stringContaining("'n'"), 'invalid_type'],
  ['best_of', {}, expect.stringContaining('but got an object instead'), 'invalid_type'],
  ['stream', 'yes', "Invalid type for 'stream': expected a boolean, but got a string instead.", 'invalid_type'],
  ['stream', 1, "Invalid type for 'stream': expected a boolean, but got an integer instead.", 'invalid_type'],
]

test('a call whose size is no whole number in range, or whose stream is no yes or no, is refused everywhere, and no backend is asked', async () => {
  const { call, upstream } = await started()
  for (const [param, value, message, code] of UNCLEAR)
    for (const path of PATHS) {
      const response = await call({ input: 'a', prompt: 'a', [param]: value }, {}, path)
      const error = { type: 'invalid_request_error', param, code, message }
      expect([path, response.status, await response.json()]).toEqual([path, 400, { error }])
    }
  expect(upstream.asked).toHaveLength(0)
})

test('null is as good as absent', async () => {
  const { call } = await started()
  const none = { max_tokens: null, max_completion_tokens: null, n: null, stream: null }
  expect((await call(none)).status).toBe(200)
})
