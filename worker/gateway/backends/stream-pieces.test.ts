import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sseEvent } from '../sse.ts'
import { anthropicAnswer } from './anthropic/answer.ts'
import { anthropicStream } from './anthropic/stream.ts'
import type { Ask, StreamReader } from './backend.ts'
import { geminiAnswer } from './gemini/answer.ts'
import { geminiStream } from './gemini/stream.ts'
import { openaiAnswer, openaiStream } from './openai-compatible.ts'
import { bytePieces, namedEvents } from './testing-provider.ts'
import { workersAiAnswer } from './workers-ai/answer.ts'
import { workersAiStream } from './workers-ai/stream.ts'

const ASK: Ask = {
  ...{ endpoint: 'chat.completions', body: {}, raw: null, upstreamModel: 'm', isStream: true, wantsUsage: true },
  requestId: 'req_1',
}
const WORDS = ['Gr', 'üße', ' aus 東京', ' 🎌', '\n\n"end"']

const anthropicEvents = namedEvents([
  { type: 'message_start', message: { id: 'a', model: 'm', usage: { input_tokens: 9, output_tokens: 1 } } },
  ...WORDS.map((text) => ({ type: 'content_block_delta', delta: { type: 'text_delta', text } })),
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 50 } },
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } },
  { type: 'message_stop' },
]).join('')
const anthropicWhole = {
  ...{ content: [{ type: 'text', text: WORDS.join('') }], stop_reason: 'end_turn', model: 'm' },
  usage: { input_tokens: 9, output_tokens: 200 },
}

const geminiUsage = { promptTokenCount: 9, candidatesTokenCount: 50, thoughtsTokenCount: 150 }
const geminiEvents = WORDS.map((text, at) =>
  sseEvent({
    candidates: [{ content: { parts: [{ text }] }, ...(at === WORDS.length - 1 ? { finishReason: 'STOP' } : {}) }],
    ...{ usageMetadata: { ...geminiUsage, candidatesTokenCount: 10 * (at + 1) }, modelVersion: 'm' },
  }),
).join('')
const geminiWhole = {
  candidates: [{ content: { parts: [{ text: WORDS.join('') }] }, finishReason: 'STOP' }],
  ...{ usageMetadata: geminiUsage, modelVersion: 'm' },
}

const usage = { prompt_tokens: 9, completion_tokens: 200, total_tokens: 209 }
const openaiEvents = [
  ...WORDS.map((content) => sseEvent({ model: 'm', choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  sseEvent({ model: 'm', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  ...[sseEvent({ model: 'm', choices: [], usage }), sseEvent('[DONE]')],
].join('')
const choices = [{ index: 0, message: { role: 'assistant', content: WORDS.join('') }, finish_reason: 'stop' }]
const openaiWhole = { object: 'chat.completion', model: 'm', choices, usage }

const workersEvents = [
  ...WORDS.map((response) => sseEvent({ response })),
  sseEvent({ response: '', usage }),
  sseEvent('[DONE]'),
]
const workersWhole = { response: WORDS.join(''), usage }

const KINDS = [
  {
    kind: 'Anthropic',
    events: anthropicEvents,
    whole: anthropicWhole,
    stream: anthropicStream,
    answer: anthropicAnswer,
  },
  { kind: 'Gemini', events: geminiEvents, whole: geminiWhole, stream: geminiStream, answer: geminiAnswer },
  { kind: 'OpenAI', events: openaiEvents, whole: openaiWhole, stream: openaiStream, answer: openaiAnswer },
  {
    kind: 'Workers AI',
    events: workersEvents.join(''),
    whole: workersWhole,
    stream: workersAiStream,
    answer: workersAiAnswer,
  },
]

/** What a client has at the end of a stream. */
function read(reader: StreamReader, pieces: readonly Uint8Array[]) {
  const decoder = new TextDecoder()
  const out = pieces.map((piece) => reader.read(decoder.decode(piece, { stream: true }))).join('') + reader.end()
  const events = out.split('\n\n').filter((event) => event !== '')
  const chunks = events.filter((event) => event !== 'data: [DONE]').map((event) => JSON.parse(event.slice(6)))
  const said = chunks.flatMap((chunk) => chunk.choices)
  return {
    text: said.map((choice) => choice.delta.content ?? '').join(''),
    finish: said.map((choice) => choice.finish_reason).filter((reason) => reason !== null),
    usage: chunks.map((chunk) => chunk.usage).filter(Boolean),
    isEnded: events.at(-1) === 'data: [DONE]',
    learned: reader.learned(),
  }
}

test.each(KINDS)(
  '$kind: cut at any byte, a stream has the same text and usage as whole',
  ({ events, whole, stream, answer }) => {
    const once = answer(JSON.stringify(whole), ASK)
    const said = JSON.parse(once.text)
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 })
    const check = (cut: readonly number[]) => {
      const got = read(stream(ASK), bytePieces(events, cut))
      expect(got).toMatchObject({ text: WORDS.join(''), finish: ['stop'], usage: [said.usage], isEnded: true })
      expect(got.learned.usage?.counts).toEqual(once.usage?.counts)
      expect(got.learned).toMatchObject({ isDone: true, error: '' })
      expect(said.choices[0].message.content).toBe(got.text)
    }
    check([1])
    check([events.length * 4])
    fc.assert(fc.property(sizes, check), { numRuns: 60 })
  },
)

test.each(KINDS)(
  '$kind: broken off anywhere, a stream is not done, or it has all its usage, or nothing else is missing',
  ({ events, stream, whole, answer }) => {
    const all = answer(JSON.stringify(whole), ASK).usage?.counts
    fc.assert(
      fc.property(fc.nat({ max: events.length }), (length) => {
        const came = events.slice(0, length)
        const { learned } = read(stream(ASK), bytePieces(came, [64]))
        // Some servers end without saying so: behind the reason why it ended, what is missing is the usage alone.
        if (learned.isDone && learned.usage === null) expect(came).toMatch(/"finish_reason": ?"/)
        else if (learned.isDone) expect(learned.usage?.counts).toEqual(all)
        else
          expect(learned.usage === null || learned.usage.isEstimate || learned.usage.counts.outputTokens === 200).toBe(
            true,
          )
        expect(learned.error).toBe('')
      }),
      { numRuns: 60 },
    )
  },
)

test.each(KINDS)('$kind: what is no JSON is 502 as a whole answer', ({ answer }) => {
  for (const text of ['<html>', '[]', 'null', ''])
    expect(() => answer(text, ASK)).toThrow(expect.objectContaining({ status: 502 }))
})

test.each(KINDS.filter(({ kind }) => kind !== 'OpenAI'))('$kind: garbage in a stream fails it', ({ kind, stream }) => {
  const reader = stream(ASK)
  reader.read(`${kind === 'Workers AI' ? sseEvent({ response: 'x' }) : ''}data: <html>\n\n`)
  expect(reader.learned()).toMatchObject({ isDone: false, error: 'The backend sent an event that is not JSON' })
})
