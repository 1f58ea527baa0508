import { expect, test } from 'vitest'
import { startHeliox } from './testing.ts'

test('a query with a name that there is not is refused, with a line per name and the names that exist', async () => {
  const { write } = await startHeliox()
  const days = 'start=2026-01-01&end=2026-01-02'
  const { status, body } = await write('GET', `/api/v1/analytics/cost/by-team?${days}&team=vision&teem=x`)
  expect([status, body.error.code]).toEqual([400, 'request.invalid'])
  const known = [
    ...['known: start', 'end', 'basis', 'cost', 'team_id', 'model_name', 'provider', 'gpu_type', 'status', 'account'],
    ...['region', 'service', 'sku', 'charge_category', 'tag', '1 more'],
  ].join(', ')
  expect(body.error.details).toEqual([
    `team: there is no such parameter; ${known}`,
    `teem: there is no such parameter; ${known}`,
  ])
  expect(body.error.message).toBe(`Invalid request: team: there is no such parameter; ${known} (and 1 more)`)
  for (const path of ['/jobs?team_name=ml', '/teams?search=ml', '/auth/me?full=1', '/openapi.json?v=2', '/keys?ids=1'])
    expect([path, (await write('GET', `/api/v1${path}`)).status]).toEqual([path, 400])
  expect((await write('DELETE', '/api/v1/auth/sessions?all=1')).body.error.details).toEqual([
    'all: there is no such parameter; this path takes none',
  ])
  expect((await write('POST', '/api/v1/imports?format=auto&filename=x')).body.error.details).toEqual([
    expect.stringMatching(/^filename: there is no such parameter; known: format, .*file_name/),
  ])
})

test('names in either spelling pass, and bodies may hold more than we read', async () => {
  const { write } = await startHeliox()
  expect((await write('GET', '/api/v1/jobs?teamId=team_1&gpu_type=h100')).status).toBe(200)
  expect((await write('POST', '/api/v1/teams', { name: 'ml', colour: 'blue' })).status).toBe(201)
})

test('a stranger learns no names, and a provider sends browsers back with what it likes', async () => {
  const { stranger } = await startHeliox()
  expect((await stranger('/api/v1/teams?search=x')).status).toBe(401)
  const back = '/api/v1/auth/sso/oidc/callback?code=a&state=b&session_state=c&authuser=0'
  expect((await stranger(back, { redirect: 'manual' })).status).toBe(302)
})

test('a path names the thing, whatever the query or the body say', async () => {
  const { write } = await startHeliox()
  for (const name of ['ml', 'nlp']) await write('POST', '/api/v1/teams', { name })
  expect((await write('GET', '/api/v1/teams/team_1?id=team_2')).status).toBe(400)
  await write('PUT', '/api/v1/teams/team_1', { id: 'team_2', name: 'vision' })
  expect((await write('GET', '/api/v1/teams/team_2')).body.name).toBe('nlp')
  expect((await write('GET', '/api/v1/imports/imp_999?import_id=imp_1')).status).toBe(400)
  expect((await write('GET', '/api/v1/imports/imp_999?importId=imp_1')).status).toBe(400)
})
