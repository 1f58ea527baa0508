/**
 * What stands before the Worker where it runs on workerd alone: the built page from disk, and in place of the hosted
 * bindings what Node beside it gives. It is built into dist/serve and imports the built Worker as it is.
 */
import worker, { Meter } from '../../index.ts'
import { addressWindows } from './address-windows.ts'
import { type Beside, bucketBeside, queueBeside } from './beside.ts'
import { type Files, PageFiles } from './page-files.ts'

type FrontEnv = { FILES: Files; PAGE_HEADERS: string; BESIDE: Beside; BESIDE_TOKEN: string }
type Message = { queue: string; body: unknown; attempts: number }
type Worker = {
  fetch(request: Request, env: object, context: object): Promise<Response>
  scheduled(event: object, env: object): Promise<void>
  queue(batch: object, env: object): Promise<void>
}
const { fetch: answer, scheduled, queue } = worker as unknown as Worker

type World = { env: object; page: PageFiles }
const worlds = new WeakMap<object, World>()

/** The bindings as the Worker knows them, made once: it keeps what it learns of them by their identity. */
function worldOf(env: FrontEnv): World {
  const known = worlds.get(env)
  if (known) return known
  const { FILES, PAGE_HEADERS, BESIDE, BESIDE_TOKEN, ...settings } = env
  const page = new PageFiles(FILES, PAGE_HEADERS)
  const world = {
    page,
    env: {
      ...settings,
      ASSETS: { fetch: async (request: Request) => (await page.at(request)) ?? new Response(null, { status: 404 }) },
      UPLOADS: bucketBeside(BESIDE, BESIDE_TOKEN, 'uploads'),
      BACKUPS: bucketBeside(BESIDE, BESIDE_TOKEN, 'backups'),
      IMPORT_QUEUE: queueBeside(BESIDE, BESIDE_TOKEN),
      ADDRESS_LIMIT: addressWindows(6_000),
      DOOR_LIMIT: addressWindows(300),
    },
  }
  worlds.set(env, world)
  return world
}

/** As `run_worker_first` in wrangler.toml. */
const FOR_THE_WORKER = /^https?:\/\/[^/]+\/(api|trpc|v1|health|metrics)([/?]|$)/

export { Meter }

export default {
  async fetch(request: Request, env: FrontEnv, context: object): Promise<Response> {
    const world = worldOf(env)
    if (!FOR_THE_WORKER.test(request.url)) {
      const file = await world.page.at(request)
      if (file) return file
    }
    return answer(request, world.env, context)
  },
}

/** What only Node beside it reaches, on a socket of its own: the clock, and messages of the queue. */
export const control = {
  async fetch(request: Request, env: FrontEnv): Promise<Response> {
    if (request.headers.get('authorization') !== `Bearer ${env.BESIDE_TOKEN}`)
      return new Response(null, { status: 403 })
    const { env: bindings } = worldOf(env)
    const [, every] = /\/(tick|minute)$/.exec(request.url) ?? []
    if (every) {
      const cron = every === 'minute' ? '* * * * *' : '*/5 * * * *'
      await scheduled({ cron, scheduledTime: Date.now() }, bindings)
      return new Response(null, { status: 204 })
    }
    const { queue: name, body, attempts } = (await request.json()) as Message
    let retryAfterSeconds: number | null = null
    const message = {
      ...{ body, attempts, ack: () => undefined },
      retry: (options?: { delaySeconds?: number }) => {
        retryAfterSeconds = options?.delaySeconds ?? 0
      },
    }
    await queue({ queue: name, messages: [message] }, bindings)
    return Response.json({ retryAfterSeconds })
  },
}
