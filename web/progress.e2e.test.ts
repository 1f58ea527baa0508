import { afterAll, beforeAll, expect, test } from 'vitest'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'

const HEADER = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const jobs = (count: number, name: string) =>
  Buffer.from(
    HEADER +
      Array.from(
        { length: count },
        (_, at) => `${name}${at},red,m,aws,h100,2,2026-02-01T00:00:00Z,2026-02-01T01:00:00Z,completed\n`,
      ).join(''),
  )
const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'text/csv', buffer })

let heliox: Heliox
beforeAll(async () => {
  heliox = await openHeliox({ MAX_UPLOAD_MB: '4' })
})
afterAll(() => heliox?.close())

test('a file above the limit of one request goes in parts, tells how far it is, and ends with its counts', async () => {
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  const events = page.waitForRequest((request) => /\/imports\/imp_\d+\/events$/.test(request.url()))
  const part = page.waitForRequest((request) => request.method() === 'PUT' && /\/parts\/2$/.test(request.url()))
  await page.locator('input[type=file]').setInputFiles(file('large.csv', jobs(150_000, 'l'))) // 11 MB
  await page.getByText(/^(Reading|Storing): [\d,]+ rows read/).waitFor()
  await shot('import-progress')
  await page.locator('.result').filter({ hasText: '150,000 inserted' }).waitFor()
  expect([(await events).method(), (await part).method()]).toEqual(['GET', 'PUT'])
  expect(errors).toEqual([])
})

test('an import is cancelled from the page and leaves nothing, also where events do not get through', async () => {
  const { page, shot } = await heliox.visit({ path: '/imports', width: 375, isDark: true })
  await page.route('**/events', (route) => route.abort())
  await page.locator('input[type=file]').setInputFiles(file('cancelled.csv', jobs(400_000, 'c'))) // in parts of 8 MB
  await page.getByRole('button', { name: 'Cancel cancelled.csv' }).click()
  const card = page.locator('.uploads li').filter({ hasText: 'cancelled.csv' })
  await card.getByRole('button', { name: 'Dismiss cancelled.csv' }).waitFor()
  await shot('import-cancelled-375-dark')
  expect(await overflowOf(page)).toBe(0)
  await page.getByRole('row', { name: /cancelled\.csv.*Cancelled/ }).waitFor()
  const asked = { headers: { 'x-api-key': heliox.stack.adminApiKey } }
  const answer = await fetch(new URL('/api/v1/jobs?limit=1', heliox.stack.url), asked)
  expect(((await answer.json()) as { total: number }).total).toBe(150_000)
})

test('a file that could not be read any time is listed, read again, or thrown away', async () => {
  const call = async (method: string, path: string, body?: Buffer) => {
    const headers = { 'x-api-key': heliox.stack.adminApiKey }
    const init = { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) }
    return (await (await fetch(new URL(path, heliox.stack.url), init)).json()) as Record<string, string>
  }
  // As the queue leaves a file behind that its sender could not be asked about any more.
  const dead: string[] = []
  for (const name of ['first.csv', 'second.csv']) {
    const { upload_id: id = '' } = await call('POST', `/api/v1/uploads?format=jobs-csv&file_name=${name}`)
    await call('PUT', `/api/v1/uploads/${id}/parts/1`, jobs(3, name))
    dead.push(id)
  }
  await heliox.run(
    `update imports set status = 'failed', finished_at_ms = 4102444800000, attempts = 5, object_key = 'uploads/imp_' || id || '/',
     message = 'It was tried 5 times and broke off each time'
     where id in (${dead.map((id) => id.slice(4)).join()})`,
  )
  const { page, errors, shot } = await heliox.visit({ path: '/imports' })
  await page.getByRole('heading', { name: 'Files that could not be read' }).waitFor()
  await shot('dead-letters')
  await page.getByRole('button', { name: 'Throw away second.csv' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Throw away' }).click()
  await page.getByRole('button', { name: 'Throw away second.csv' }).waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Read again: first.csv' }).click()
  await page.getByRole('heading', { name: 'Files that could not be read' }).waitFor({ state: 'detached' })
  await page.getByRole('row', { name: /first\.csv.*Success/ }).waitFor()
  expect(errors).toEqual([])
})
