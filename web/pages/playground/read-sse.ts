/**
 * The data of each server-sent event of a stream, as it comes, whatever pieces the network makes of it. Comments and other
 * fields are left out.
 */
export async function* readSse(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += decoder.decode(value, { stream: !done })
      const events = rest.split(/\r?\n\r?\n/)
      rest = done ? '' : (events.pop() ?? '')
      for (const event of events) {
        const data = event
          .split(/\r?\n/)
          .flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trimStart()] : []))
        if (data.length > 0) yield data.join('\n')
      }
      if (done) return
    }
  } finally {
    reader.releaseLock()
  }
}
