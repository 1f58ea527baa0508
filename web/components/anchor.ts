import { useLocation } from '@solidjs/router'
import { type Accessor, createEffect } from 'solid-js'

/**
 * Leads to the part of the page that the address names behind its #, and gives it the focus, once what is above it is
 * there: before that it would move away again.
 */
export function useAnchor(isReady: Accessor<boolean>): void {
  const location = useLocation()
  let reached = ''
  createEffect(() => {
    const hash = location.hash
    if (hash === '' || hash === reached || !isReady()) return
    reached = hash
    requestAnimationFrame(() => {
      const part = document.getElementById(decodeURIComponent(hash.slice(1)))
      part?.scrollIntoView({ block: 'start' })
      part?.focus({ preventScroll: true })
    })
  })
}
