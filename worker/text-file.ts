/** Text as a file to save, sent in pieces as it is read: who reads slowly slows the reading. */
export function textFile(text: AsyncIterable<string>, name: string, type = 'text/plain'): Response {
  const pieces = text[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await pieces.return?.()
    },
  })
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-disposition': `attachment; filename="${name}"`,
  }
  return new Response(body, { headers })
}
