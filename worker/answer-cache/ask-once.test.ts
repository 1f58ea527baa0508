import { expect, onTestFinished, test, vi } from 'vitest'
import { freshDb } from '../../db/testing.ts'
import { type Asking, userScope } from '../asking.ts'
import { startAuth } from '../auth/testing.ts'
import type { Actor } from '../scope.ts'
import { answerMemoryOf } from './answer-memory.ts'
import { askOnce } from './ask-once.ts'

const MB = 1024 * 1024
const ADA: Actor = {
  ...{ userId: 'user_7', keyId: 'key_3', label: 'ada@example.com', sessionFamily: 'a-family' },
  ...{ role: 'developer', teamIds: ['team_1'], keyScopes: null },
}

async function start() {
  const { ask } = startAuth(await freshDb())
  return (actor: Actor = ADA): Asking => ({ ...ask(), actor: async () => actor })
}

test('a verb is asked by nobody in particular, who may see the same', async () => {
  const ask = await start()
  const { answer } = await askOnce(ask(), { name: 'q', input: {} })
  const { value } = await answer(async (unnamed) => (await userScope(unnamed)).actor)
  const { role, teamIds, keyScopes } = ADA
  expect(value()).toEqual({ userId: null, keyId: null, label: '', sessionFamily: null, role, teamIds, keyScopes })
})

test('an answer that read the clock is of its moment: no tag, and made anew each time', async () => {
  const ask = await start()
  for (const made of [1, 2]) {
    const { answer } = await askOnce(ask(), { name: 'q', input: {} })
    const { value, tag } = await answer(async ({ now }) => ({ made, year: new Date(now()).getUTCFullYear() }))
    expect([value(), tag]).toEqual([{ made, year: 2026 }, null])
  }
  const { answer } = await askOnce(ask(), { name: 'q', input: {} })
  const { tag } = await answer(async () => 'timeless')
  expect(tag).toMatch(/^[\w-]{27}$/)
  const again = await (await askOnce(ask(), { name: 'q', input: {} })).answer(async () => 'other')
  expect([again.value(), again.tag]).toEqual(['timeless', tag])
})

test('the tag is of the question, of what may be seen and of the deployment: not of the person', async () => {
  const ask = await start()
  const tagOf = async (
    actor: Partial<Actor> = {},
    input: unknown = { a: 1n, b: null },
    name = 'q',
    deployment = 'test',
  ) => {
    const asking = ask({ ...ADA, ...actor })
    return (await askOnce({ ...asking, settings: { ...asking.settings, deployment } }, { name, input })).tag()
  }
  const tag = await tagOf()
  expect(await tagOf({ userId: 'user_8', keyId: null, label: 'bo', sessionFamily: null })).toBe(tag)
  const others = [
    ...[tagOf({ role: 'viewer' }), tagOf({ teamIds: null }), tagOf({ teamIds: [] }), tagOf({ teamIds: ['team_2'] })],
    ...[tagOf({ keyScopes: [] }), tagOf({ keyScopes: ['usage:read'] }), tagOf({ keyScopes: ['admin'] })],
    ...[tagOf({}, { a: '1', b: null }), tagOf({}, { a: 1, b: null }), tagOf({}, { a: 1n }), tagOf({}, null)],
    ...[tagOf({}, null, 'other'), tagOf({}, { a: 1n, b: null }, 'q', 'the next deployment')],
  ]
  expect(new Set([tag, ...(await Promise.all(others))]).size).toBe(others.length + 1)
  for (const input of [{ a: new Map([[1, 2]]) }, { a: { b: new Set([1]) } }])
    await expect(tagOf({}, input)).rejects.toThrow('is no plain value')
})

test('memory is bounded in bytes: what was asked for the longest goes first, a large answer is not kept', async () => {
  const memory = answerMemoryOf((await start())())
  const answer = (bytes: number) => new Uint8Array(bytes)
  memory.keep(1n, 'large', answer(MB))
  expect([memory.find(1n, 'large'), memory.bytes()]).toEqual([null, 0])
  for (let index = 0; index < 40; index += 1) {
    memory.keep(1n, `answer ${index}`, answer(MB / 2))
    expect(memory.find(1n, 'answer 0')).not.toBeNull() // asked for all along
    expect(memory.bytes()).toBeLessThanOrEqual(16 * MB)
  }
  expect(memory.bytes()).toBeGreaterThan(15 * MB)
  expect([memory.find(1n, 'answer 1'), memory.find(1n, 'answer 39')?.byteLength]).toEqual([null, MB / 2])
})

test('another version gives all the room back at once', async () => {
  const memory = answerMemoryOf((await start())())
  memory.keep(1n, 'tag', new Uint8Array(100))
  expect(memory.find(2n, 'tag')).toBeNull()
  expect([memory.bytes(), memory.find(1n, 'tag')]).toEqual([0, null])
})

test('where Cloudflare is in front another isolate finds the answer, under no address without its tag', async () => {
  const stored = new Map<string, Response>()
  const match = vi.fn(async (url: string) => stored.get(url)?.clone())
  const put = vi.fn(async (url: string, answer: Response) => void stored.set(url, answer))
  vi.stubGlobal('caches', { default: { match, put } })
  onTestFinished(() => void vi.unstubAllGlobals())
  const ask = await start()
  const question = { name: 'q', input: {} }
  const isolate = () => {
    const asking = ask()
    const settings = { ...asking.settings }
    return (cf: object | undefined, actor = ADA) => {
      const request = Object.assign(new Request('https://heliox.example/trpc'), cf ? { cf } : {})
      return askOnce({ ...asking, settings, request, actor: async () => actor }, question)
    }
  }
  const [one, other, local] = [isolate(), isolate(), isolate()]
  const first = await (await one({})).answer(async () => 'made')
  expect([...stored.keys()]).toEqual([`https://heliox.example/api/kept-answers/${first.tag}`])
  expect((await (await other({})).answer(async () => 'made again')).value()).toBe('made')
  expect(match).toHaveBeenCalledTimes(2)
  expect((await (await other({})).answer(async () => 'made again')).value()).toBe('made')
  expect(match).toHaveBeenCalledTimes(2) // from its own memory
  const beta: Actor = { ...ADA, teamIds: ['team_2'] }
  expect((await (await other({}, beta)).answer(async () => 'beta’s')).value()).toBe('beta’s')
  expect((await (await local(undefined)).answer(async () => 'alone')).value()).toBe('alone')
  expect([match.mock.calls.length, put.mock.calls.length]).toEqual([3, 2])
  match.mockRejectedValueOnce(new Error('no cache today'))
  expect((await (await isolate()({})).answer(async () => 'made anyway')).value()).toBe('made anyway')
})
