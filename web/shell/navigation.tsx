import { A } from '@solidjs/router'
import { createUniqueId, For, type JSX, Show } from 'solid-js'
import type { User } from '../user.ts'
import { PLACES, type Place, SECTIONS } from './places.ts'
import { SavedViewLinks } from './saved-view-links.tsx'
import { isOpenTo } from './trail.ts'

/** The views that the reader kept, where they are seen at once, and the pages that a role may open, by section. */
export function Navigation(props: { user: User }) {
  const open = (): readonly Place[] => PLACES.filter((place) => !place.under && isOpenTo(place, props.user.role))
  return (
    <nav class="main-nav" aria-label="Main">
      <SavedViewLinks>{(links) => <Section name="Saved views">{links}</Section>}</SavedViewLinks>
      <For each={SECTIONS}>
        {(section) => (
          <Section name={section} isThere={open().some((place) => place.section === section)}>
            <For each={open().filter((place) => place.section === section)}>
              {({ href, name }) => (
                <li>
                  <A href={href} end={href === '/'} activeClass="is-here" inactiveClass="">
                    {name}
                  </A>
                </li>
              )}
            </For>
          </Section>
        )}
      </For>
    </nav>
  )
}

function Section(props: { name: string; isThere?: boolean; children: JSX.Element }) {
  const id = createUniqueId()
  return (
    <Show when={props.isThere ?? true}>
      <p id={id} class="nav-section">
        {props.name}
      </p>
      <ul aria-labelledby={id}>{props.children}</ul>
    </Show>
  )
}
