import { useLocation } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { useSavedViews } from '../saved-views.ts'

/** A link for each view that the reader kept or that was shared; nothing without one. `children` puts a frame around. */
export function SavedViewLinks(props: { children: (links: JSX.Element) => JSX.Element }) {
  const { views } = useSavedViews()
  const location = useLocation()
  const isHere = (address: string) => address === location.pathname + location.search
  return (
    <Show when={views().length > 0}>
      {props.children(
        <For each={views()}>
          {(view) => (
            <li>
              <a
                href={view.address}
                class={isHere(view.address) ? 'is-here' : ''}
                aria-current={isHere(view.address) ? 'page' : undefined}
              >
                <span class="nav-view">{view.name}</span>
                <Show when={!view.isMine}>
                  <span class="visually-hidden"> (shared)</span>
                </Show>
              </a>
            </li>
          )}
        </For>,
      )}
    </Show>
  )
}
