import { For, Index, Show } from 'solid-js'
import type { Opened } from './backend-dialogs.tsx'
import type { Route } from './backend-form.ts'

const STATES: Record<Route['order'][number]['state'], [string, string]> = {
  asked: ['', ''],
  'half-open': ['Tried again', 'is-warning'],
  open: ['Passed over', 'is-bad'],
  full: ['Full', 'is-warning'],
  disabled: ['Disabled', ''],
}

/** Per model: how its backends are chosen, and in which order they would be asked now. */
export function RouteList(props: { routes: readonly Route[]; mayWrite: boolean; onOpen: (dialog: Opened) => void }) {
  return (
    <ul class="routes">
      <Index each={props.routes}>
        {(route) => (
          <li>
            <div class="route-head">
              <h3>
                <code>{route().model}</code>
              </h3>
              <span class="note">
                {route().strategy === 'weight' ? 'By weight' : 'The quickest first'}
                {route().isSessionAffine ? ', sessions stay with their backend' : ''}
              </span>
              <Show when={props.mayWrite && route().order.some(({ backendId }) => backendId !== null)}>
                <button
                  type="button"
                  class="button is-quiet"
                  aria-label={`Change how ${route().model} is routed`}
                  onClick={() => props.onOpen({ dialog: 'route', route: route() })}
                >
                  Change
                </button>
              </Show>
            </div>
            <ol>
              <For each={route().order}>
                {(one) => (
                  <li class={one.place === null ? 'is-passed-over' : ''}>
                    <span class="route-place">{one.place === null ? '–' : `${one.place}.`}</span>
                    <span>
                      {one.name}{' '}
                      <Show when={STATES[one.state][0]}>
                        <span class={`badge ${STATES[one.state][1]}`}>{STATES[one.state][0]}</span>
                      </Show>
                      <span class="note route-why">{one.why}</span>
                    </span>
                  </li>
                )}
              </For>
            </ol>
          </li>
        )}
      </Index>
    </ul>
  )
}
