import type { Page, Request } from 'playwright-core'

/** What stands for content that is on its way, by state rather than by words. */
export const LOADING = 'main .skeleton, main [aria-busy="true"], main [role="status"] .bone, main .is-loading'
/** A stream stays open as long as the page does. */
const isAwaited = (url: string) => !new URL(url).pathname.endsWith('/live')
const isQuestion = (url: string) => /\/(trpc|api\/v1)\//.test(url)
const AWAITED = new Set(['fetch', 'xhr', 'script', 'stylesheet', 'document'])

/** Requests of the page that have no answer yet. Call it before the page is opened. */
export function watchRequests(page: Page): Set<string> {
  const open = new Map<unknown, string>()
  const shown = new Set<string>()
  const show = () => {
    shown.clear()
    for (const url of open.values()) shown.add(url)
  }
  page.on('request', (request) => {
    if (AWAITED.has(request.resourceType()) && isAwaited(request.url())) open.set(request, request.url())
    show()
  })
  const close = (request: Request) => {
    open.delete(request)
    show()
  }
  page.on('requestfinished', close)
  page.on('requestfailed', close)
  return shown
}

/** Notes when the page last changed; for `addInitScript`. */
export function noteChanges(): void {
  const at = { frame: 0 }
  ;(globalThis as { heliox?: unknown }).heliox = at
  const observe = () =>
    new MutationObserver(() => {
      at.frame = 0
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  const count = () => {
    at.frame += 1
    requestAnimationFrame(count)
  }
  observe()
  requestAnimationFrame(count)
}

const STILL_FRAMES = 6

/** Waits until the page has its heading and has not changed for some frames; `isLoaded`: and nothing is on its way. */
export async function settled(page: Page, open: ReadonlySet<string>, isLoaded = true): Promise<void> {
  for (;;) {
    await page.waitForFunction(
      ([frames, loading]) => {
        const { frame } = (globalThis as unknown as { heliox: { frame: number } }).heliox
        return (
          document.querySelector('h1') !== null &&
          frame >= Number(frames) &&
          (loading === '' || document.querySelector(loading) === null)
        )
      },
      [String(STILL_FRAMES), isLoaded ? LOADING : ''] as const,
    )
    if ([...open].every((url) => !isLoaded && isQuestion(url))) return
    await page.waitForEvent('requestfinished', { timeout: 1_000 }).catch(() => undefined) // or it ended just now
  }
}
