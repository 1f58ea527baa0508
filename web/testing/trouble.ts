import type { Page, Route } from 'playwright-core'

const IS_OURS = /\/(trpc|api\/v1)\//
/** Who is here, and the navigation's own list, of which no page says anything. */
const NEVER_DISTURBED = ['auth.me', 'savedViews.list']
/** Without it a page asks again when it is looked at: nothing that a reader must be told. */
const NEVER_SAID = [...NEVER_DISTURBED, '/api/v1/live']
const FAILURE = {
  error: {
    message: 'Something went wrong. Try again.',
    code: -32603,
    data: {
      ...{ code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, errorCode: null, details: [], requestId: 'req_walk' },
    },
  },
}
const REST_FAILURE = {
  error: { code: 'internal', message: 'Something went wrong. Try again.' },
  request_id: 'req_walk',
}

/** The procedures that a request asks; [] for one of the REST surface. */
function proceduresIn(url: string): string[] {
  const { pathname } = new URL(url)
  return pathname.startsWith('/trpc/') ? decodeURIComponent(pathname.slice('/trpc/'.length)).split(',') : []
}

function isDisturbed(url: string): boolean {
  const asked = proceduresIn(url)
  return asked.length === 0 || asked.some((name) => !NEVER_DISTURBED.includes(name))
}

/** Every question of a page is answered 500, as the Worker says it. Answers what failed that a reader must be told, by name. */
export async function failAnswers(page: Page): Promise<Set<string>> {
  const failed = new Set<string>()
  await page.route(IS_OURS, async (route) => {
    const url = route.request().url()
    if (!isDisturbed(url)) return route.fallback()
    const asked = proceduresIn(url)
    for (const name of asked.length > 0 ? asked : [new URL(url).pathname])
      if (!NEVER_SAID.includes(name)) failed.add(name)
    if (asked.length === 0) return route.fulfill({ status: 500, json: REST_FAILURE })
    const isMixed = asked.some((name) => NEVER_DISTURBED.includes(name))
    const answers: unknown[] = isMixed ? await (await route.fetch()).json() : asked
    const json = answers.map((answer, at) => (NEVER_DISTURBED.includes(asked[at] ?? '') ? answer : FAILURE))
    return route.fulfill({ status: isMixed ? 207 : 500, json })
  })
  return failed
}

/** Every question of a page waits for its answer until `release`. */
export async function holdAnswers(page: Page): Promise<{ held: Set<string>; release: () => Promise<void> }> {
  const waiting: Route[] = []
  const held = new Set<string>()
  let isReleased = false
  await page.route(IS_OURS, async (route) => {
    const url = route.request().url()
    if (isReleased || !isDisturbed(url)) return route.fallback()
    for (const name of proceduresIn(url)) held.add(name)
    waiting.push(route)
  })
  const release = async () => {
    isReleased = true
    await Promise.all(waiting.map((route) => route.fallback()))
  }
  return { held, release }
}
