import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const HEADER = 'date,provider,gpu_type,cost_usd\n'
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => `2026-02-01,aws,gpu-${from + at},1.50\n`).join('')

/** A body that waits for the test before each piece. */
function heldBody(pieces: readonly string[]) {
  const releases: (() => void)[] = []
  const gates = pieces.map(() => new Promise<void>((resume) => releases.push(resume)))
  let at = 0
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await gates[at]
        const piece = pieces[at]
        at += 1
        if (piece === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(piece))
      },
    },
    { highWaterMark: 0 },
  )
  return { init: { method: 'POST', body, duplex: 'half' } as RequestInit, release: () => releases.shift()?.() }
}

type Event = { name: string; data: Record<string, unknown> }

/** The events of a stream as they come. */
async function* eventsOf(response: Response): AsyncGenerator<Event> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (name) yield { name, data: JSON.parse(data) as Event['data'] }
    }
  }
}

test('an import tells its rows, bytes and dollars while it is read, and ends with its last state', async () => {
  const { fetch, write } = await startHeliox()
  const { body: announced } = await write('POST', '/api/v1/uploads', { file_name: 'a.csv', bytes: 1_000_000 })
  const id = announced.upload_id as string
  const { init, release } = heldBody([HEADER + rows(0, 12_000), rows(12_000, 3)])
  const sending = fetch(`/api/v1/imports?resume=${id}`, init)
  const stream = await fetch(`/api/v1/imports/${id}/events`)
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const events = eventsOf(stream)
  const first = (await events.next()).value as Event
  expect(first).toMatchObject({
    name: 'progress',
    data: { import_id: id, status: 'queued', bytes_expected: 1_000_000 },
  })
  release()
  let reading = first
  while (reading.data.rows_read === 0) reading = (await events.next()).value as Event
  expect(reading.data).toMatchObject({ status: 'reading', rows_read: 10_000, bytes_expected: 1_000_000 })
  expect(reading.data.bytes_read).toBeGreaterThan(200_000)
  expect((reading.data.totals as Record<string, string>).file_cost_usd).toBe('15000.00') // 10,000 × 1.50
  release()
  release()
  const rest: Event[] = []
  for await (const event of events) rest.push(event)
  expect(rest.at(-1)).toMatchObject({ name: 'end', data: { status: 'success', inserted: 12_003, rows_read: 12_003 } })
  expect(rest.slice(0, -1).every(({ name }) => name === 'progress')).toBe(true)
  expect((await sending).status).toBe(200)
})

test('of an import that has ended there is one event, and of one that is not there a 404', async () => {
  const { fetch, send, as } = await startHeliox()
  const { import_id } = await send('cost-csv', HEADER + rows(0, 2))
  const names: string[] = []
  for await (const { name } of eventsOf(await fetch(`/api/v1/imports/${import_id}/events`))) names.push(name)
  expect(names).toEqual(['end'])
  expect((await fetch('/api/v1/imports/imp_99/events')).status).toBe(404)
  const viewer = await as('viewer', [])
  expect((await viewer.fetch(`/api/v1/imports/${import_id}/events`)).status).toBe(404)
})
