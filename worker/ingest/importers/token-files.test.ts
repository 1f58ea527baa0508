import { describe, expect, test } from 'vitest'
import { exactText } from '../../../db/units/money.ts'
import type { Row, TokenDraft } from './importer.ts'
import { importerOf, recognise } from './index.ts'
import { NOTHING_SAID } from './testing.ts'

function rowsOf(id: string, text: string, said: Partial<typeof NOTHING_SAID> = {}): Row[] {
  const importer = importerOf(id)
  if (!('open' in importer)) throw new Error('not a text')
  const reader = importer.open({ ...NOTHING_SAID, ...said })
  return [...reader.push(text), ...reader.end()]
}
const callsOf = (id: string, text: string, said = {}) => rowsOf(id, text, said) as TokenDraft[]
const buckets = (d: TokenDraft | undefined) => [
  ...[d?.inputTokens, d?.cachedInputTokens, d?.cacheWriteTokens, d?.outputTokens, d?.reasoningTokens],
]
const page = (results: string, start = 1769904000, end = 1769990400) =>
  `{"object":"page","data":[{"object":"bucket","start_time":${start},"end_time":${end},"results":[${results}]}],"has_more":false}`
const completion = (more: string) =>
  `{"object":"organization.usage.completions.result","input_tokens":1000,"input_cached_tokens":600,"output_tokens":200,"num_model_requests":3${more}}`

describe('OpenAI usage', () => {
  test('cached and cache-written tokens are taken out of the input', () => {
    const [call] = callsOf('openai-usage-json', page(completion(',"input_cache_write_tokens":100,"model":"gpt-5"')))
    expect(buckets(call)).toEqual([300, 600, 100, 200, null])
    expect(call).toMatchObject({ requestCount: 3, model: 'gpt-5', cost: null, costGrade: 'unpriced', project: '' })
    expect(new Date(call!.startedAtMs).toISOString()).toBe('2026-02-01T00:00:00.000Z')
  })

  test('a result is known by its bucket and group: another user is another record, more tokens are the same', () => {
    const [one] = callsOf('openai-usage-json', page(completion(',"user_id":"u1"')))
    const [other] = callsOf('openai-usage-json', page(completion(',"user_id":"u2"')))
    const [again] = callsOf('openai-usage-json', page(completion(',"user_id":"u1"').replace('1000', '4000')))
    expect(one?.recordId).not.toBe(other?.recordId)
    expect(again?.recordId).toBe(one?.recordId)
  })

  test('the end of today’s bucket may move, the record stays; an hour is no day', () => {
    const idOf = (end: number) => callsOf('openai-usage-json', page(completion(''), 1769904000, end))[0]?.recordId
    expect(idOf(1769904000 + 50_000)).toBe(idOf(1769904000 + 86_400))
    expect(idOf(1769904000 + 3600)).not.toBe(idOf(1769904000 + 86_400))
  })

  test('pages in a list, one a line, with sorted keys, and single buckets are the same results', () => {
    const whole = callsOf('openai-usage-json', page(completion('')))
    const sorted = `{"data":[{"end_time":1769990400,"object":"bucket","results":[${completion('')}],"start_time":1769904000}],"has_more":false}`
    const bucket = sorted.slice('{"data":['.length, -'],"has_more":false}'.length)
    for (const text of [`[${page(completion(''))}]`, `${page(completion(''))}\n`, sorted, bucket, `[${bucket}]`])
      expect(callsOf('openai-usage-json', text)).toEqual(whole)
    const two = `${page(completion(''))}\n${page(completion(''), 1769990400, 1770076800)}\n`
    expect(callsOf('openai-usage-json', two)).toHaveLength(2)
  })

  test('a result that was refused can be read again in its bucket', () => {
    const importer = importerOf('openai-usage-json')
    if (!('open' in importer)) throw new Error('not a text')
    const reader = importer.open(NOTHING_SAID)
    const text = page(`${completion('')},${completion(',"user_id":"u1"').replace('600', '6000')}`)
    const refused = [...reader.push(text), ...reader.end()].find(({ kind }) => kind === 'refused')
    const { before, after } = reader.frame!()
    const record = refused?.kind === 'refused' ? (refused.record ?? '') : ''
    const [mended] = callsOf('openai-usage-json', before + record.replace('6000', '60') + after)
    expect(buckets(mended)).toEqual([940, 60, null, 200, null])
    expect(new Date(mended!.startedAtMs).toISOString()).toBe('2026-02-01T00:00:00.000Z')
  })

  test('tool calls and images count requests without tokens', () => {
    const results =
      '{"object":"organization.usage.web_search_calls.result","num_model_requests":2,"num_requests":9},{"object":"organization.usage.code_interpreter_sessions.result","num_sessions":4}'
    const calls = callsOf('openai-usage-json', page(results))
    expect(calls.map(({ requestCount }) => requestCount)).toEqual([2, 4])
    expect(buckets(calls[0])).toEqual([null, null, null, null, null])
  })
})

describe('cost reports', () => {
  test('OpenAI’s amounts are exact by their text, with the zeros of a 128-bit decimal or without', () => {
    const cost = (value: string) =>
      page(`{"object":"organization.costs.result","amount":{"value":${value},"currency":"usd"},"project_id":"p"}`)
    for (const [value, amount] of [
      ['0.1000000000000000000000000000000000', '0.10'],
      ['"12.3456789012345678901234567890123456"', '12.3456789012345678901234567890123456'],
      ['"0E-6176"', '0.00'],
      ['1e-9', '0.000000001'],
      ['0.30000000000000004', '0.30000000000000004'],
    ] as const) {
      const [row] = rowsOf('openai-costs-json', cost(value))
      expect([value, row?.kind === 'cost' && exactText(row.billed)]).toEqual([value, amount])
      expect(row).toMatchObject({ provider: 'openai', account: 'p', gpuType: '', billingPeriod: '2026-02-01' })
    }
  })

  test('Anthropic’s amounts are cents', () => {
    const text =
      '{"data":[{"starting_at":"2026-02-01T00:00:00Z","results":[{"amount":"123.45","currency":"USD","workspace_id":"w"}]}],"has_more":false}'
    const [row] = rowsOf('anthropic-costs-json', text)
    expect(row?.kind === 'cost' && exactText(row.billed)).toBe('1.2345')
    expect(row).toMatchObject({ account: 'w', provider: 'anthropic', entryDate: '2026-02-01' })
  })

  test('usage is no cost and a cost no usage', () => {
    const text = page(completion(''))
    expect(() => rowsOf('openai-costs-json', text)).toThrow('Not the stated format')
    expect(() => rowsOf('anthropic-usage-json', text)).toThrow('Not the stated format')
  })
})

test('Anthropic’s cache reads and writes stand beside the input, both kinds of writes are one bucket', () => {
  const text =
    '{"data":[{"starting_at":"2026-02-01T00:00:00Z","ending_at":"2026-02-02T00:00:00Z","results":[{"uncached_input_tokens":400,"cache_creation":{"ephemeral_1h_input_tokens":50,"ephemeral_5m_input_tokens":100},"cache_read_input_tokens":600,"output_tokens":200}]}]}'
  expect(buckets(callsOf('anthropic-usage-json', text)[0])).toEqual([400, 600, 150, 200, null])
})

describe('LiteLLM', () => {
  const call = (fields: object) =>
    JSON.stringify([
      {
        ...{ request_id: 'a', startTime: '2026-02-01T08:00:00Z', endTime: '2026-02-01T08:00:02Z', spend: 0.01 },
        ...{ prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200, status: 'success', model: 'm' },
        ...fields,
      },
    ])
  const one = (fields: object) => callsOf('litellm-spend-json', call(fields))[0]
  const usage = (fields: object) => ({ metadata: { usage_object: fields } })

  test('cached tokens inside the prompt, or beside it where they do not fit', () => {
    const details = {
      prompt_tokens_details: { cached_tokens: 600 },
      completion_tokens_details: { reasoning_tokens: 150 },
    }
    expect(buckets(one(usage(details)))).toEqual([400, 600, null, 50, 150])
    const inside = { cache_read_input_tokens: 600, cache_creation_input_tokens: 150 }
    expect(buckets(one(usage(inside)))).toEqual([250, 600, 150, 200, null])
    const outside = { cache_read_input_tokens: 0, cache_creation_input_tokens: 1253 }
    expect(buckets(one({ ...usage(outside), prompt_tokens: 31, total_tokens: 231 }))).toEqual([31, 0, 1253, 200, null])
    const raw = { cache_read_input_tokens: 5000, cache_creation_input_tokens: 10 }
    expect(buckets(one({ ...usage(raw), prompt_tokens: 31 }))).toEqual([31, 5000, 10, 200, null])
  })

  test('thoughts that the total counts beside the completion are beside it', () => {
    const thoughts = usage({ completion_tokens_details: { reasoning_tokens: 150 } })
    expect(buckets(one({ ...thoughts, total_tokens: 1350 }))).toEqual([1000, null, null, 200, 150])
    expect(buckets(one({ ...thoughts, completion_tokens: 100, total_tokens: 1100 }))).toEqual([
      ...[1000, null, null, 0, 100], // LiteLLM’s own estimate, above what there was
    ])
  })

  test('a spend of zero is unpriced unless something says that it is the price', () => {
    expect(one({ spend: 0 })).toMatchObject({ cost: null, costGrade: 'unpriced', inputTokens: 1000 })
    expect(one({ spend: null })).toMatchObject({ cost: null, costGrade: 'unpriced' })
    const unused = { spend: 0, prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }
    expect(one(unused)).toMatchObject({ costGrade: 'unpriced', inputTokens: null, outputTokens: null })
    expect(one({ ...unused, status: 'failure' })).toMatchObject({ costGrade: 'computed', status: 'failed' })
    expect(one({ spend: 0, status: 'failure' })).toMatchObject({ costGrade: 'unpriced', status: 'failed' })
    expect(one({ spend: 0, cache_hit: 'True' })).toMatchObject({ costGrade: 'computed' })
    const free = { model_map_information: { model_map_value: { input_cost_per_token: 0, output_cost_per_token: 0.0 } } }
    expect(one({ spend: 0, metadata: free })).toMatchObject({ costGrade: 'computed' })
    expect(one({ spend: 0, metadata: { model_map_information: { model_map_value: null } } })?.costGrade).toBe(
      'unpriced',
    )
    expect(exactText(one({})!.cost!)).toBe('0.01')
  })

  test('of a key only its alias or the start of its hash is kept; the team’s alias is the project', () => {
    const hash = '88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b'
    expect(one({ api_key: hash })?.keyName).toBe('88dc28d0…')
    expect(one({ api_key: 'sk-1234567890abcdef' })?.keyName).toBe('sk-12345…')
    const metadata = { user_api_key_alias: 'prod', user_api_key_team_alias: 'Vision', user_api_key_user_id: 'ada' }
    expect(one({ api_key: hash, metadata, team_id: '0b1f' })).toMatchObject({
      ...{ keyName: 'prod', project: 'Vision', userName: 'ada' },
    })
  })

  test('the first token is timed only where it came before the last', () => {
    expect(one({ completionStartTime: '2026-02-01T08:00:00.480Z' })).toMatchObject({
      ...{ latencyMs: 2000, timeToFirstTokenMs: 480 },
    })
    expect(one({ completionStartTime: '2026-02-01T08:00:02Z' })).toMatchObject({ timeToFirstTokenMs: null })
  })

  test('a list, a page and one object a line are the same calls; sums by day are refused with the way out', () => {
    const list = callsOf('litellm-spend-json', call({}))
    expect(callsOf('litellm-spend-json', `{"total": 1, "data": ${call({})}}`)).toEqual(list)
    expect(callsOf('litellm-spend-json', `${call({}).slice(1, -1)}\n`)).toEqual(list)
    const summed = '[{"startTime": "2026-02-01", "spend": 1.5, "users": {}, "models": {"m": 1.5}}]'
    expect(() => rowsOf('litellm-spend-json', summed)).toThrow('summarize=false')
  })
})

describe('logs of requests', () => {
  const read = (text: string, said = {}) => callsOf('requests-csv', text, said)

  test('the published trace of Azure: seven-digit fractions, no zone, no id', () => {
    const text = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n'
    const [call] = read(text)
    expect(buckets(call)).toEqual([4808, null, null, 10, null])
    expect(new Date(call!.startedAtMs).toISOString()).toBe('2023-11-16T18:17:03.979Z')
    const later = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-10 00:00:00.009930+00:00,2162,5\n'
    expect(new Date(read(later)[0]!.startedAtMs).toISOString()).toBe('2024-05-10T00:00:00.009Z')
  })

  test('a trace of image generation has failed rows and no tokens, which is not zero', () => {
    const text =
      'gmt_create,predict_type,predict_status,exec_time_seconds,groupId,prompt_length,checkpoint_model_version_id\n2024-11-15 16:57:50,TXT_2_IMG,SUCCEED,32.0,G0000,63.0,M0000\n2024-11-15 16:57:51,TXT_2_IMG,FAILED,1.5,G0000,63.0,M0000\n'
    const calls = read(text)
    expect(calls.map(({ status, latencyMs }) => [status, latencyMs])).toEqual([
      ['completed', 32_000],
      ['failed', 1500],
    ])
    expect(calls[0]).toMatchObject({ project: 'G0000', model: 'M0000', inputTokens: null, costGrade: 'unpriced' })
  })

  test('equal rows stay two, and the same file has the same ids whatever the order of its columns', () => {
    const row = '2026-02-01T00:00:00Z,10,5'
    const ids = read(`timestamp,input_tokens,output_tokens\n${row}\n${row}\n2026-02-01T00:00:01Z,10,5\n`).map(
      ({ recordId }) => recordId,
    )
    expect(new Set(ids).size).toBe(3)
    const turned = read('output_tokens,timestamp,input_tokens\n5,2026-02-01T00:00:00Z,10\n5,2026-02-01T00:00:00Z,10\n')
    expect(turned.map(({ recordId }) => recordId)).toEqual(ids.slice(0, 2))
  })

  test('columns named as Anthropic’s or Google’s stand beside their whole', () => {
    const anthropic = 'timestamp,input_tokens,cache_read_input_tokens,cache_creation_input_tokens,output_tokens\n'
    expect(buckets(read(`${anthropic}2026-02-01,400,600,150,200\n`)[0])).toEqual([400, 600, 150, 200, null])
    const openai = 'timestamp,prompt_tokens,cached_tokens,completion_tokens,reasoning_tokens\n'
    expect(buckets(read(`${openai}2026-02-01,1000,600,200,150\n`)[0])).toEqual([400, 600, null, 50, 150])
    const google = 'timestamp,promptTokenCount,candidatesTokenCount,thoughtsTokenCount\n'
    expect(buckets(read(`${google}2026-02-01,1000,50,150\n`)[0])).toEqual([1000, null, null, 50, 150])
    const console =
      'usage_date_utc,model_version,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens\n'
    expect(buckets(read(`${console}2026-02-01,claude,400,100,50,600,200\n`)[0])).toEqual([400, 600, 150, 200, null])
  })

  test('a cost in dollars is as reported, one without a currency is refused with its amount, another is converted', () => {
    expect(read('ts,prompt_tokens,cost_usd\n2026-02-01,1,0.0027\n')[0]).toMatchObject({ costGrade: 'reported' })
    const bare = 'ts,prompt_tokens,cost\n2026-02-01,1,2.5\n'
    const [refused] = rowsOf('requests-csv', bare)
    expect(refused).toMatchObject({ kind: 'refused', code: 'ingest.no_currency', billed: { digits: 25n, scale: 1 } })
    expect(exactText(read(bare, { currency: 'usd' })[0]!.cost!)).toBe('2.50')
    const usdPerUnit = () => ({ digits: 11n, scale: 1 })
    expect(exactText(read(bare, { currency: 'EUR', usdPerUnit })[0]!.cost!)).toBe('2.75')
    expect(rowsOf('requests-csv', bare, { currency: 'EUR' })[0]).toMatchObject({ code: 'ingest.no_rate' })
  })

  test('semicolons and tabs separate as commas do, and a secret key is cut short', () => {
    for (const mark of [',', ';', '\t']) {
      const text = ['timestamp', 'prompt_tokens', 'api_key'].join(mark)
      const [call] = read(`${text}\n${['2026-02-01', '7', 'sk-abcdefghijklmnop'].join(mark)}\n`)
      expect([mark, call?.inputTokens, call?.keyName]).toEqual([mark, 7, 'sk-abcde…'])
    }
  })

  test('times are ISO or since 1970; seconds since the start of a trace are no time', () => {
    const timed = (time: string) => read(`timestamp,input_tokens\n${time},1\n`)[0]
    for (const time of ['1769904000', '1769904000000', '1769904000.000', '1769904000000000', '2026-02-01 00:00:00 UTC'])
      expect([time, timed(time)?.startedAtMs]).toEqual([time, 1_769_904_000_000])
    expect(timed('45')).toMatchObject({ kind: 'refused', code: 'ingest.bad_time' })
  })

  test('a bill, jobs and LiteLLM’s own log are not taken for requests', () => {
    for (const header of [
      'date,provider,gpu_type,cost_usd',
      'job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status',
      'request_id,startTime,spend,prompt_tokens,completion_tokens,model',
      'timestamp,temperature',
    ]) {
      const importer = importerOf('requests-csv')
      expect([header, 'recognises' in importer && importer.recognises(`${header}\n`)]).toEqual([header, null])
    }
    expect(recognise('TIMESTAMP,ContextTokens,GeneratedTokens\n').importer.id).toBe('requests-csv')
  })
})

test('a bucket whose list of results is missing is no empty bucket: the file is refused whole', () => {
  const named = (name: string) =>
    `{"data": [{"starting_at": "2026-02-01T00:00:00Z", "ending_at": "2026-02-02T00:00:00Z", "${name}": []}], "has_more": false}`
  expect(rowsOf('anthropic-usage-json', named('results'))).toEqual([])
  expect(() => rowsOf('anthropic-usage-json', named('result'))).toThrow('has no list "results"')
})
