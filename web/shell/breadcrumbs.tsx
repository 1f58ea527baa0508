import { A, useLocation } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { titleAt } from '../page-title.ts'
import { placeAt, trailOf } from './trail.ts'

/** Where the page is: its section, and on a page below another the way back. */
export function Breadcrumbs() {
  const location = useLocation()
  const section = () => {
    const place = placeAt(location.pathname)
    return place && place.under !== '/' ? place.section : ''
  }
  const trail = () => trailOf(location.pathname, titleAt(location.pathname))
  return (
    <Show when={trail().length > 0} fallback={<p class="crumbs">{section()}</p>}>
      <nav class="crumbs" aria-label="Breadcrumbs">
        <ol>
          <li>{section()}</li>
          <For each={trail()}>
            {({ name, href }) => (
              <li>
                <Show when={href} fallback={<span aria-current="page">{name}</span>}>
                  {(to) => <A href={to()}>{name}</A>}
                </Show>
              </li>
            )}
          </For>
        </ol>
      </nav>
    </Show>
  )
}
