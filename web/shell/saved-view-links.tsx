import { useLocation } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { useSavedViews } from '../saved-views.ts'
import { openPalette } from './open-palette.ts'

/** Beyond so many the pages of Heliox itself would be pushed out of sight. */
const MOST_LINKS = 10

/**
 * Links to views that the reader kept and that were shared, the reader's first; the palette has those beyond ten. Nothing
 * without one. `children` puts a frame around.
 */
export function SavedViewLinks(props: { children: (links: JSX.Element) => JSX.Element }) {
  const { views, total } = useSavedViews()
  const others = () => total() - MOST_LINKS
  const location = useLocation()
  const isHere = (address: string) => address === location.pathname + location.search
  return (
    <Show when={views().length > 0}>
      {props.children(
        <>
          <For each={views().slice(0, MOST_LINKS)}>
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
          </For>
          <Show when={others() > 0}>
            <li>
              <button type="button" class="nav-more" aria-haspopup="dialog" onClick={() => openPalette('views')}>
                {others()} more…
              </button>
            </li>
          </Show>
        </>,
      )}
    </Show>
  )
}
