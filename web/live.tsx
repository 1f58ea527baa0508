import { useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { Icon } from './components/icon.tsx'
import { watchBusy } from './live/is-busy.ts'
import { followChanges } from './live/one-per-browser.ts'
import { createRefresh } from './live/refresh.ts'
import { askWhoIsHere } from './queries.ts'
import { useUser } from './user.ts'

const SHOWN_MS = 6_000

/**
 * Keeps what is on screen up to date while somebody is signed in, and says quietly when it has become something else.
 * Without a stream, as behind a proxy that holds it back, pages still ask again when they are looked at.
 */
export default function Live() {
  const client = useQueryClient()
  const user = useUser()
  const [isShown, show] = createSignal(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = () => {
    clearTimeout(timer)
    show(true)
    timer = setTimeout(() => show(false), SHOWN_MS)
  }
  createEffect(
    on(
      () => user()?.id,
      (id) => {
        if (id === undefined) return
        const busy = watchBusy()
        const refresh = createRefresh(client, busy.isBusy, say)
        // A stream that is refused may be a session that has ended elsewhere.
        const leave = followChanges(refresh.tell, () => void askWhoIsHere(client))
        onCleanup(() => {
          leave()
          refresh.stop()
          busy.stop()
          clearTimeout(timer)
          show(false)
        })
      },
    ),
  )
  return (
    <div class="live-note" role="status">
      <Show when={isShown()}>
        <p>
          <Icon name="check" />
          Updated just now
        </p>
      </Show>
    </div>
  )
}
