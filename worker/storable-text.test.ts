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

test('a name that nobody can see is refused wherever names are taken, and one with a joiner in it is not', async () => {
  const heliox = await startHeliox()
  const ada = await heliox.as('admin')
  for (const name of ['\u200b', ' \u200e\u200f ', '\u2060\u00ad', '\u3164', '\u2800']) {
    const codes = await Promise.all([
      ada.write('POST', '/api/v1/teams', { name }),
      ada.write('POST', '/api/v1/keys', { name, scopes: ['ingest'] }),
      ada.write('POST', '/api/v1/saved-views', { name, address: '/' }),
      ada.write('PUT', `/api/v1/users/${ada.userId}`, { name }),
    ]).then((answers) => answers.map(({ status, body }) => [status, body.error?.details?.[0]]))
    const said = expect.stringMatching(/name.*can be seen/)
    expect([name, codes]).toEqual([name, codes.map(() => [400, said])])
    const file = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
j-1,${name},llama,aws,h100,1,2026-01-05T00:00:00Z,2026-01-05T01:00:00Z,completed
`
    const { result } = await heliox.send('jobs-csv', file)
    expect([result.inserted, result.errors[0]?.column]).toEqual([0, 'team_name'])
  }
  expect((await heliox.trpc.teams.list.query({})).total).toBe(0)
  const family = '👩\u200d🔬 labs'
  expect((await ada.write('POST', '/api/v1/teams', { name: family })).body.name).toBe(family)
})
