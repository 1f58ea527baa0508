import type { Bucket, ImportQueue } from '../../uploads/kept-files.ts'

/** The buckets there are; each is a folder of that name in the data folder. */
export const BUCKETS = ['uploads', 'backups'] as const
export type BucketName = (typeof BUCKETS)[number]

/** The service of Node's side, see `startBeside`. */
export type Beside = { fetch(url: string, init?: RequestInit): Promise<Response> }

/** A bucket as files in a folder of its own on the disk of this machine, by way of Node. */
export function bucketBeside(beside: Beside, token: string, bucket: BucketName): Bucket {
  const ask = asker(beside, token, { 'x-bucket': bucket })
  return {
    put: (key, value) => ask(key, { method: 'PUT', body: value as Uint8Array<ArrayBuffer> }),
    get: async (key, options) => {
      const { offset, length } = options?.range ?? { offset: 0, length: -1 }
      const headers = options ? { range: `bytes=${offset}-${offset + length - 1}` } : {}
      const response = await ask(key, { headers })
      if (response.status === 404) return null
      return response as { body: ReadableStream<Uint8Array>; arrayBuffer(): Promise<ArrayBuffer> }
    },
    list: async ({ prefix }) => ({
      objects: (await (await ask('', { headers: { 'x-prefix': prefix } })).json()) as { key: string; size: number }[],
      truncated: false,
    }),
    delete: async (keys) => void (await ask('', { method: 'DELETE', body: JSON.stringify(keys) })),
  }
}

/** The queue of imports, which Node keeps in memory: a start asks anew for what was under way. */
export function queueBeside(beside: Beside, token: string): ImportQueue {
  const ask = asker(beside, token)
  return { send: (message) => ask('', { method: 'POST', body: JSON.stringify(message) }) }
}

function asker(beside: Beside, token: string, more: Record<string, string> = {}) {
  return async (key: string, init: RequestInit): Promise<Response> => {
    const headers = { ...(init.headers as Record<string, string>), ...more, authorization: `Bearer ${token}` }
    const response = await beside.fetch(`http://beside/${key}`, { ...init, headers })
    if (response.ok || response.status === 404) return response
    throw new Error(`The files beside the Worker answered ${response.status}`)
  }
}
