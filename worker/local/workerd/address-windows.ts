const WINDOW_MS = 60_000
const MOST_KEYS = 20_000

/** A limiter as the hosted binding is one: so many a minute of each key, counted in this process. */
export function addressWindows(limit: number) {
  let counts = new Map<string, number>()
  let startedAtMs = 0
  return {
    limit: async ({ key }: { key: string }): Promise<{ success: boolean }> => {
      const nowMs = Date.now()
      if (nowMs - startedAtMs >= WINDOW_MS || counts.size > MOST_KEYS) [counts, startedAtMs] = [new Map(), nowMs]
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return { success: count <= limit }
    },
  }
}
