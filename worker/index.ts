import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import { requestId } from 'hono/request-id'
import { routePath } from 'hono/route'
import { secureHeaders } from 'hono/secure-headers'
import ipaddr from 'ipaddr.js'
import { type Db, openDb } from '../db/client.ts'
import type { EpochMs } from '../db/units/time.ts'
import { evaluateAlerts } from './alerts/evaluate-alerts.ts'
import type { Asking } from './asking.ts'
import { actorOf } from './auth/actor.ts'
import { refuseForeignOrigin } from './auth/same-origin.ts'
import { probeBackends } from './backends/probe-backends.ts'
import { backupsOf } from './backups/backup-store.ts'
import { backUpNightly } from './backups/make-backup.ts'
import { deliver } from './deliveries/deliver.ts'
import { sendDigests } from './digests/send-digests.ts'
import { settingsOf } from './env.ts'
import { brokenBody, expected, HelioxError } from './errors.ts'
import type { GatewayAsking } from './gateway/call.ts'
import { Meter } from './gateway/meter/meter.ts'
import { meterOf } from './gateway/meter/meter-of.ts'
import { createGateway } from './gateway/routes.ts'
import { doubtSnapshot } from './gateway/snapshot.ts'
import { limitAddresses } from './limits/limit-addresses.ts'
import { createLog } from './log.ts'
import { countRequest, endpointLabel } from './metrics/endpoint-label.ts'
import { countsOf } from './metrics/isolate-counts.ts'
import { noteReconciliation } from './metrics/note-reconciliation.ts'
import { timedDb } from './metrics/timed-db.ts'
import { everyStep, type Step } from './monitoring/every-step.ts'
import { health, metrics } from './monitoring/routes.ts'
import { tick } from './monitoring/tick.ts'
import { verifySavings } from './recommendations/verify.ts'
import { errorResponse, serveRoute } from './rest.ts'
import { appRouter } from './router.ts'
import { restRoutes } from './routes.ts'
import { INSIDE, machine, type Scope } from './scope.ts'
import { runDueSources } from './sources/run-due.ts'
import { trpcErrorResponse } from './trpc.ts'
import { consumeBatch } from './uploads/consume-batch.ts'
import { keptFilesOf } from './uploads/kept-files.ts'

/** What the app needs of the world; tests bring their own database and clock. */
export type Deps = {
  bindings: object
  openDb: (url: string, authToken?: string) => Db
  now: () => EpochMs
  /** Serves the built page; absent where there is none. */
  assets?: { fetch: (request: Request) => Promise<Response> }
}

/** The whole Worker: health at the root, tRPC, REST below /api/v1, the page for the rest. */
export function createApp(deps: Deps) {
  const app = new Hono<{ Variables: { asking: Asking } }>()
  const early = (c: Context) => ({
    log: createLog('info', { requestId: c.get('requestId') }),
    requestId: c.get('requestId'),
  })

  app.use('/v1/*', async (c, next) => {
    const startedAt = Date.now()
    await next()
    const asking = c.get('asking') as GatewayAsking | undefined
    if (asking && !asking.isMetered) countAnswer(c, deps, asking, startedAt) // the meter counts its own
  })
  app.route(
    '/',
    createGateway((c, id) => openCall(c, deps, id)),
  ) // before what pages need and calls of models do not
  app.use(requestId())
  app.use(async (c, next) => {
    await next()
    c.header('x-request-id', c.get('requestId')) // on every answer: whoever asks about one can name it
  })
  app.onError((error, c) => refusal(c)(error, c.get('asking') ?? early(c)))
  app.notFound(async (c) => (await pageFor(c, deps)) ?? errorResponse(noRoute(c.req.path), early(c)))

  app.use(SECURE_HEADERS)
  app.use(async (c, next) => {
    if (isPage(c)) return next()
    c.set('asking', openAsking(c, deps))
    const { settings } = c.get('asking')
    if (settings.corsOrigins.length > 0)
      return cors({ origin: [...settings.corsOrigins], credentials: true, exposeHeaders: EXPOSED })(c, next)
    return next()
  })
  app.use(async (c, next) => {
    const startedAt = Date.now()
    const asking = c.get('asking')
    const close = asking && countsOf(asking).open()
    await next()
    close?.()
    if (!asking) return
    countAnswer(c, deps, asking, startedAt)
    const fields = { method: c.req.method, path: c.req.path, status: c.res.status, durationMs: Date.now() - startedAt }
    asking.log[/^\/(health|metrics)/.test(c.req.path) ? 'debug' : 'info']('request', fields)
  })
  app.use(async (c, next) => {
    await next()
    if (c.req.method !== 'GET') doubtSnapshot(c.get('asking').settings)
  })
  app.use(limitAddresses(deps.bindings))
  app.use('/api/*', refuseForeignOrigin)
  app.use('/trpc/*', refuseForeignOrigin)

  app.route('/health', health)
  app.route('/metrics', metrics)
  app.all('/trpc/*', smallBody, (c) => {
    refuseLongBatch(c.req.path)
    refuseStream(c.req.header('trpc-accept'))
    const asking = c.get('asking')
    return fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      createContext: () => asking,
      responseMeta: () => ({ headers: asking.answerHeaders }),
    })
  })
  for (const route of restRoutes) {
    const limit: MiddlewareHandler = route.takesFile ? (_c, next) => next() : smallBody
    app.on(route.method, `/api/v1${route.path}`, limit, (c) => serveRoute(route, c, c.get('asking')))
  }
  return app
}

/** For everything that this Worker answers; the page and its assets bring their own, see web/public/_headers. */
const SECURE_HEADERS = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  // Not for the subdomains of a company that serves Heliox at the top of its domain.
  strictTransportSecurity: 'max-age=31536000',
  xFrameOptions: 'DENY',
  overwrite: false,
})

/** What a browser on another origin may read of an answer, beside its body. */
const EXPOSED = [
  'ETag',
  'Retry-After',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-Request-ID',
]

/** The page asks about eight questions at once. Signing in is asked alone: a batch of guesses would be one request. */
const LONGEST_BATCH = 20

function refuseLongBatch(path: string): void {
  const calls = path.slice('/trpc/'.length).split(/,|%2c/i)
  if (
    calls.length > LONGEST_BATCH ||
    (calls.length > 1 && calls.some((call) => /^auth\.(signIn|register|usePasswordLink|changePassword)$/.test(call)))
  )
    throw new HelioxError(
      'invalid',
      'request.batch_too_long',
      `A batch has at most ${LONGEST_BATCH} calls, and signing in stands alone`,
    )
}

/** An answer in pieces has sent its headers before a session is renewed or a limit is counted. */
function refuseStream(accept: string | undefined): void {
  if (!accept?.includes('jsonl')) return
  throw new HelioxError('invalid', 'request.no_stream', 'Answers do not come in pieces: use httpLink or httpBatchLink')
}

/** What is not a file fits in a megabyte. Files are counted as they stream, see `readBody`. */
const smallBody: MiddlewareHandler = async (c, next) => {
  let isRead = false
  const goOn = () => {
    isRead = true
    return next()
  }
  return limitBody(c, goOn).catch((error: unknown) => {
    throw isRead || expected(error) ? error : brokenBody(error)
  })
}

const limitBody = bodyLimit({
  maxSize: 1024 * 1024,
  onError: () => {
    throw new HelioxError('too_large', 'request.too_large', 'The body is larger than 1 MB')
  },
})

/** One request's view of the world. The database client lives as long as the request, see `openDb`. */
function openAsking(c: Context, { bindings, openDb, now }: Deps, requestId: string = c.get('requestId')): Asking {
  const settings = settingsOf(bindings)
  const log = createLog(settings.logLevel, { requestId })
  let actor: ReturnType<Asking['actor']> | undefined
  let db: Db | undefined
  let address: string | undefined
  const asking: Asking = {
    get db() {
      db ??= timedDb(openDb(settings.databaseUrl, settings.databaseAuthToken), countsOf({ settings })) // most calls of models need none
      return db
    },
    ...{ now, log, settings, kept: keptFilesOf(bindings), backups: backupsOf(bindings), meter: meterOf(bindings) },
    requestId,
    request: c.req.raw,
    get address() {
      address ??= addressIn(c.req.header('cf-connecting-ip') ?? peerOf(c.req.raw))
      return address
    },
    answerHeaders: new Headers(),
    outlive: (work) => outlive(c, work),
    actor: () => {
      actor ??= actorOf(asking)
      return actor
    },
  }
  return asking
}

/** One call of the gateway. @throws HelioxError unavailable `gateway.no_meter` */
function openCall(c: Context, deps: Deps, id: string): GatewayAsking {
  const asking = openAsking(c, deps, id)
  const { meter } = asking
  if (!meter) throw new HelioxError('unavailable', 'gateway.no_meter', 'This deployment has no meter: bind METER')
  const call = Object.assign(asking, { meter, bindings: deps.bindings }) // a copy would open the database
  c.set('asking', call)
  return call
}

const PROCEDURES: ReadonlySet<string> = new Set(Object.keys(appRouter._def.procedures))

/** Counts an answer for /metrics; who finds that nobody is about to write the counts of this isolate does so, after a while. */
function countAnswer(c: Context, deps: Deps, asking: Asking, startedAt: number): void {
  const counts = countsOf(asking)
  const endpoint = endpointLabel(c.req.path, routePath(c), PROCEDURES)
  countRequest(counts, { method: c.req.method, endpoint, status: c.res.status, ms: Date.now() - startedAt })
  const context = contextOf(c)
  if (!context || !counts.claimsWriting()) return
  const { databaseUrl, databaseAuthToken } = asking.settings
  context.waitUntil(counts.writeSoon(() => deps.openDb(databaseUrl, databaseAuthToken), asking.log))
}

/** Null without a runtime around this app, as in a test: counts wait there until they are asked for. */
function contextOf(c: Context) {
  try {
    return c.executionCtx
  } catch {
    return null
  }
}

function outlive(c: Context, work: Promise<unknown>): void {
  try {
    c.executionCtx.waitUntil(work)
  } catch {
    // no runtime around this app, as in a test: nothing ends early there
  }
}

/** What a refusal looks like that comes before its wire: as the client of that wire reads it. */
function refusal(c: Context): typeof errorResponse {
  return c.req.path.startsWith('/trpc/') ? trpcErrorResponse : errorResponse
}

/** Text that is no address is none: it would be a forger's. */
function addressIn(header: string | undefined): string {
  return header !== undefined && ipaddr.isValid(header) ? header : ''
}

/** Who is at the other end of the connection, where workerd itself has accepted it: "192.0.2.1:50000". */
function peerOf(request: Request): string | undefined {
  const { clientIp } = (request as { cf?: { clientIp?: unknown } }).cf ?? {}
  return typeof clientIp === 'string' ? /^\[?(.*?)\]?:\d+$/.exec(clientIp)?.[1] : undefined
}

const API = /^\/(api|trpc|v1|health|metrics)(\/|$)/

function isPage(c: Context): boolean {
  return !API.test(c.req.path)
}

/** The page for a navigation (the browser's router knows the address), null for anything else: that is a 404. */
async function pageFor(c: Context, { assets }: Deps): Promise<Response | null> {
  const navigates = c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html')
  if (!assets || !isPage(c) || !navigates || /\.[a-z0-9]+$/i.test(c.req.path)) return null
  const page = await assets.fetch(new Request(new URL('/', c.req.url)))
  return new Response(page.body, page) // the original's headers cannot be added to
}

function noRoute(path: string): HelioxError {
  return new HelioxError('not_found', 'request.no_route', `Nothing is at ${path}`)
}

type Bindings = Env & { ASSETS?: { fetch: (request: Request) => Promise<Response> } }

function depsOf(env: Bindings): Deps {
  const now = () => Date.now() as EpochMs
  return { bindings: env, openDb, now, ...(env.ASSETS ? { assets: env.ASSETS } : {}) }
}

/** The cron of what cannot wait five minutes, see wrangler.toml: it leaves the heavy steps to the other. */
const EVERY_MINUTE = '* * * * *'

const apps = new WeakMap<object, ReturnType<typeof createApp>>()

export { Meter }

export default {
  fetch(request, env, context) {
    const app = apps.get(env) ?? createApp(depsOf(env))
    apps.set(env, app)
    return app.fetch(request, env, context)
  },
  async scheduled(event, env) {
    const { bindings, openDb, now } = depsOf(env)
    const settings = settingsOf(bindings)
    const log = createLog(settings.logLevel, { cron: true })
    const db = openDb(settings.databaseUrl, settings.databaseAuthToken)
    const scope: Scope = { db, now, log, actor: machine('clock'), origin: INSIDE }
    const meter = meterOf(bindings)
    const all = { ...scope, settings, meter }
    await everyStep(log, [
      ['meter', () => meter?.flush()],
      ...(event.cron === EVERY_MINUTE
        ? []
        : ([
            ['backends', () => probeBackends(all)],
            ['tick', () => tick(scope, keptFilesOf(bindings), settings.ingestHourUtc)],
            ['sources', () => runDueSources(all)],
            ['savings', () => verifySavings(scope)],
            ['digests', () => sendDigests(scope)],
            ['reconciliation', () => noteReconciliation(scope)],
          ] satisfies Step[])),
      ['alerts', () => evaluateAlerts(all)],
      ['deliveries', () => deliver(all)],
      // Last: it may take minutes.
      ...(event.cron === EVERY_MINUTE
        ? []
        : ([['backup', () => backUpNightly(scope, { backups: backupsOf(bindings), meter })]] satisfies Step[])),
    ])
  },
  async queue(batch, env) {
    const { bindings, openDb, now } = depsOf(env)
    const settings = settingsOf(bindings)
    const log = createLog(settings.logLevel, { queue: batch.queue })
    const kept = keptFilesOf(bindings)
    const scope = () => ({ db: openDb(settings.databaseUrl, settings.databaseAuthToken), now, log, origin: INSIDE })
    if (kept) await consumeBatch(scope, kept, batch, settings.maxKeptBytes)
  },
} satisfies ExportedHandler<Bindings>
