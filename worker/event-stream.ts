/**
 * Server-sent events, in pieces as they happen: `name` and JSON each, null a sign of life. Headers say that nobody on the way
 * may hold them back.
 */
export function eventStream(events: AsyncIterable<{ name: string; data: unknown } | null>, headers: Headers): Response {
  const source = events[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await source.next()
        if (done) controller.close()
        else
          controller.enqueue(
            encoder.encode(
              value ? `event: ${value.name}\ndata: ${JSON.stringify(value.data)}\n\n` : ': still here\n\n',
            ),
          )
      },
      async cancel() {
        await source.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  const all = new Headers(headers)
  all.set('content-type', 'text/event-stream; charset=utf-8')
  all.set('cache-control', 'no-store, no-transform')
  all.set('x-accel-buffering', 'no')
  return new Response(body, { headers: all })
}
