import * as Search from '@kobalte/core/search'
import { useLocation, useNavigate } from '@solidjs/router'
import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { createEffect, createMemo, createSignal, on, onCleanup, Show } from 'solid-js'
import { api } from '../api.ts'
import { useSavedViews } from '../saved-views.ts'
import { theme, toggleTheme } from '../theme.ts'
import type { User } from '../user.ts'
import type { PaletteStart } from './open-palette.ts'
import { type Action, type Entry, type EntryGroup, entriesFor } from './palette-entries.ts'

/** Between two questions to the server while somebody types. */
const PAUSE_MS = 120

/** The field and the list below it. Arrows choose, Enter takes the chosen or the first. */
export function PaletteSearch(props: { user: User; start: PaletteStart; onLeave: () => void; onClose: () => void }) {
  const navigate = useNavigate()
  const location = useLocation()
  const { views } = useSavedViews()
  const [typed, setTyped] = createSignal('')
  const [asked, setAsked] = createSignal('')
  createEffect(
    on(typed, (now) => {
      const timer = setTimeout(() => setAsked(now.trim().slice(0, 100)), PAUSE_MS)
      onCleanup(() => clearTimeout(timer))
    }),
  )
  const found = useQuery(() => ({
    queryKey: ['search.find', asked()],
    queryFn: () => api.search.find.query({ q: asked() }),
    enabled: asked() !== '',
    placeholderData: keepPreviousData,
  }))
  const foundNow = () => (asked() === '' || found.isPending || found.isError ? undefined : found.data)
  const actions = (): Action[] => [
    {
      name: `Switch to the ${theme() === 'dark' ? 'light' : 'dark'} theme`,
      words: 'dark light colours appearance',
      run: toggleTheme,
    },
    {
      name: 'Copy a link to this page',
      words: 'share address url',
      run: () => void navigator.clipboard?.writeText(window.location.href),
    },
    { name: 'Print this page', words: 'paper pdf', run: () => setTimeout(() => window.print()) },
  ]
  const groups = createMemo(() =>
    entriesFor(typed(), {
      ...{ role: props.user.role, views: views(), actions: actions(), found: foundNow() },
      ...{ viewsFirst: props.start === 'views' },
    }),
  )
  const first = () => groups()[0]?.entries[0]
  const isAsking = () => typed().trim() !== '' && (asked() !== typed().trim().slice(0, 100) || found.isFetching)
  const take = (entry: Entry | null | undefined) => {
    if (!entry) return
    const { target } = entry
    if ('run' in target) {
      props.onClose()
      target.run()
      return
    }
    const isOther = target.href.split('?')[0] !== location.pathname
    if (isOther) props.onLeave()
    else props.onClose()
    navigate(target.href)
  }
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    if (event.key !== 'Enter' || event.isComposing) return
    if (event.currentTarget.getAttribute('aria-activedescendant')) return
    event.preventDefault()
    take(first())
  }
  return (
    <Search.Root<Entry, EntryGroup>
      open
      options={groups()}
      optionValue="id"
      optionTextValue="name"
      optionLabel="name"
      optionGroupChildren="entries"
      value={null as never}
      onChange={take}
      closeOnSelection={false}
      placeholder="Page, team, model, job or action"
      itemComponent={(item) => (
        <Search.Item item={item.item} class={`palette-item ${item.item.rawValue.id === first()?.id ? 'is-first' : ''}`}>
          <Search.ItemLabel class="palette-name">{item.item.rawValue.name}</Search.ItemLabel>
          <span class="palette-hint">{item.item.rawValue.hint}</span>
        </Search.Item>
      )}
      sectionComponent={(section) => (
        <Search.Section class="palette-section">{section.section.rawValue.title}</Search.Section>
      )}
    >
      <Search.Control class="palette-field">
        <Search.Input
          class="palette-input"
          aria-label="Go to"
          onInput={(event) => setTyped(event.currentTarget.value)} // the root says it later than an Enter comes
          onKeyDown={onKeyDown}
        />
      </Search.Control>
      <Search.Listbox class="palette-list" aria-label="Found" />
      <p class="palette-foot note" role="status">
        <Show when={groups().length === 0} fallback="Arrows choose, Enter opens, Escape closes">
          <Show
            when={isAsking()}
            fallback={found.isError ? 'Only pages are searched: the server does not answer' : 'Nothing is called so'}
          >
            Looking…
          </Show>
        </Show>
      </p>
    </Search.Root>
  )
}
