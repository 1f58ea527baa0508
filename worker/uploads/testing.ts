import type { Bucket, ImportQueue, QueuedImport } from './kept-files.ts'

/** Tests only. The platform's bucket and queue, as far as Heliox asks of them; what was queued waits in `messages`. */
export function memoryPlatform() {
  const objects = new Map<string, Uint8Array>()
  const messages: QueuedImport[] = []
  const UPLOADS: Bucket = {
    put: async (key, value) => objects.set(key, value.slice()),
    get: async (key, { range } = { range: { offset: 0, length: Number.POSITIVE_INFINITY } }) => {
      const whole = objects.get(key)
      if (!whole) return null
      const bytes = whole.slice(range.offset, range.offset + range.length)
      return { body: new Response(bytes).body as ReadableStream<Uint8Array>, arrayBuffer: async () => bytes.buffer }
    },
    // Pages of two, so that a list of three already has more than one.
    list: async ({ prefix, cursor = '' }) => {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > cursor).sort()
      const page = keys.slice(0, 2).map((key) => ({ key, size: objects.get(key)?.byteLength ?? 0 }))
      const last = page.at(-1)?.key
      return { objects: page, truncated: keys.length > 2, ...(last ? { cursor: last } : {}) }
    },
    delete: async (keys) => {
      for (const key of keys) objects.delete(key)
    },
  }
  const IMPORT_QUEUE: ImportQueue = { send: async (message) => messages.push(message) }
  return { objects, messages, bindings: { UPLOADS, BACKUPS: UPLOADS, IMPORT_QUEUE } }
}
