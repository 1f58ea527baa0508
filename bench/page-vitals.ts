/** What runs inside the measured page; each function is sent there as text, so none may use another of this file. */

/** Milliseconds of the largest paint, unitless layout shift, and milliseconds beyond 50 of each long task. */
export type Vitals = { lcpMs: number; cls: number; tbtMs: number }

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean }

/** Before the page's own scripts: keeps the browser's performance entries as they come. */
export function noteVitals(): void {
  const seen: Record<string, PerformanceEntry[]> = {}
  ;(globalThis as { helioxVitals?: unknown }).helioxVitals = seen
  for (const type of ['largest-contentful-paint', 'layout-shift', 'longtask']) {
    seen[type] = []
    const observer = new PerformanceObserver((list) => seen[type]?.push(...list.getEntries()))
    observer.observe({ type, buffered: true })
  }
}

/** The page's figures so far. Shifts add up within a window of five seconds without a gap of one; the worst window counts. */
export function vitals(): Vitals {
  const seen = (globalThis as unknown as { helioxVitals: Record<string, PerformanceEntry[]> }).helioxVitals
  const lcpMs = seen['largest-contentful-paint']?.at(-1)?.startTime ?? 0
  let cls = 0
  let window = { from: 0, last: Number.NEGATIVE_INFINITY, sum: 0 }
  for (const { startTime, value, hadRecentInput } of (seen['layout-shift'] ?? []) as Shift[]) {
    if (hadRecentInput) continue
    const isOther = startTime - window.last > 1_000 || startTime - window.from > 5_000
    window = { from: isOther ? startTime : window.from, last: startTime, sum: (isOther ? 0 : window.sum) + value }
    cls = Math.max(cls, window.sum)
  }
  const tbtMs = (seen.longtask ?? []).reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0)
  return { lcpMs, cls, tbtMs }
}

/**
 * From the next click until another heading has been painted, and until nothing in the page says that it is loading.
 * Asks with every frame; the clock is that of the click event itself.
 */
export function timeRouteChange(): Promise<{ headingMs: number; figuresMs: number }> {
  const before = document.querySelector('h1')
  return new Promise((resolve) => {
    const look = (startedAt: number, headingMs: number) => {
      requestAnimationFrame(() => {
        const heading = document.querySelector('h1')
        const isThere = heading !== null && heading !== before
        // The next frame begins when this one has been painted.
        const at = headingMs === 0 && isThere ? performance.now() - startedAt : headingMs
        const isLoading = document.querySelector('main .skeleton, main [aria-busy="true"], main .is-loading') !== null
        if (at > 0 && !isLoading) resolve({ headingMs: at, figuresMs: performance.now() - startedAt })
        else look(startedAt, at)
      })
    }
    addEventListener('click', (event) => look(event.timeStamp, 0), { once: true, capture: true })
  })
}
