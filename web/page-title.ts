import { createSignal } from 'solid-js'

const [titled, setTitled] = createSignal<{ path: string; title: string } | null>(null)

/** What the heading of the page at `path` says; undefined until it is there. */
export function titleAt(path: string): string | undefined {
  const now = titled()
  return now?.path === path ? now.title : undefined
}

/** The heading of a page says what it is called, for whatever else names the page. */
export function sayTitle(path: string, title: string): void {
  setTitled({ path, title })
}
