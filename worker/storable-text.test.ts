import { expect, test } from 'vitest'
import { requireStorableText } from './storable-text.ts'
import { startHeliox } from './testing.ts'

test('text with NUL or half a character is refused on both wires before anything asks the database', async () => {
  const { write, trpc } = await startHeliox()
  for (const name of ['a\0b', 'a\ud800b', '\udc00']) {
    const refused = await write('POST', '/api/v1/teams', { name: 'fine', description: name })
    expect([refused.status, refused.body.error.code]).toEqual([400, 'request.bad_text'])
    await expect(trpc.teams.create.mutate({ name })).rejects.toMatchObject({ data: { errorCode: 'request.bad_text' } })
  }
  expect((await write('GET', '/api/v1/jobs?model_name=%00')).body.error.code).toBe('request.bad_text')
  expect((await write('POST', '/api/v1/teams', { name: 'Zoë 🚀' })).body.name).toBe('Zoë 🚀')
  expect((await write('GET', '/api/v1/teams')).body.total).toBe(1)
})

test('input nested as deep as a body allows is looked through without an end of the stack', () => {
  let deep: unknown = 'a\0'
  for (let level = 0; level < 500_000; level += 1) deep = [deep]
  expect(() => requireStorableText(deep)).toThrow('cannot be stored')
})
