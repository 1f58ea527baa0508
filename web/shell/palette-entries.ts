import type { Answers } from '../api.ts'
import type { SavedView } from '../saved-views.ts'
import type { Role } from '../user.ts'
import { PLACES } from './places.ts'
import { isOpenTo } from './trail.ts'

/** Something that the palette leads to, or does. */
export type Entry = {
  id: string
  name: string
  /** What tells it from others of its name. */
  hint: string
  /** Other words that it is found by. */
  words?: string
  target: { href: string } | { run: () => void }
}
export type EntryGroup = { title: string; entries: Entry[] }

type Found = Answers['search']['find']

/** What can be done on any page. */
export type Action = { name: string; words: string; run: () => void }

/**
 * What the palette shows for what was typed: pages and actions by name or other words, what the server found, and the
 * kept views. Without a word: all pages, kept views and actions. Groups without an entry are left out.
 */
export function entriesFor(
  typed: string,
  known: {
    role: Role
    views: readonly SavedView[]
    actions: readonly Action[]
    found: Found | undefined
    viewsFirst?: boolean
  },
): EntryGroup[] {
  const { role, views, actions, found, viewsFirst = false } = known
  const pages = PLACES.filter((place) => isOpenTo(place, role)).map(
    ({ href, name, section, words = '' }): Entry => ({
      id: `page ${href}`,
      name,
      hint: section,
      words,
      target: { href },
    }),
  )
  const kept = views.map(
    ({ id, name, address, isMine }): Entry => ({
      ...{ id: `view ${id}`, name, hint: isMine ? '' : 'shared', target: { href: address } },
    }),
  )
  // Of many views only the first are known here; the others are found by the server.
  const others = (found?.savedViews ?? [])
    .filter(({ id }) => !views.some((view) => view.id === id))
    .map(({ id, name, address }): Entry => ({ id: `view ${id}`, name, hint: '', target: { href: address } }))
  const deeds = actions.map(
    ({ name, words, run }): Entry => ({ id: `do ${name}`, name, hint: '', words, target: { run } }),
  )
  const first: EntryGroup[] = [
    { title: 'Pages', entries: matching(typed, pages) },
    { title: 'Saved views', entries: matching(typed, [...kept, ...others]) },
  ]
  const groups: EntryGroup[] = [
    ...(viewsFirst ? first.reverse() : first),
    ...(typed.trim() === '' || !found ? [] : foundGroups(found)),
    { title: 'Actions', entries: matching(typed, deeds) },
  ]
  return groups.filter(({ entries }) => entries.length > 0)
}

function foundGroups({ teams, models, jobs }: Found): EntryGroup[] {
  const of = (name: string, value: string) => `/?${new URLSearchParams([[name, value]])}`
  return [
    {
      title: 'Teams',
      entries: teams.map(({ id, name }) => ({ id, name, hint: 'costs', target: { href: of('team_id', id) } })),
    },
    {
      title: 'Models',
      entries: models.map(({ name }) => ({
        ...{ id: `model ${name}`, name, hint: 'costs', target: { href: of('model_name', name) } },
      })),
    },
    {
      title: 'Jobs',
      entries: jobs.map(({ id, jobId, jobName, teamName, modelName, status }) => ({
        ...{ id, name: jobId, hint: [jobName, teamName, modelName, status].filter(Boolean).join(' · ') },
        target: { href: `/jobs/${id}` },
      })),
    },
  ]
}

/**
 * Those in which every typed word begins a word, the best first: by name, then by other words, then those whose name has
 * the words anywhere; else in their order. One letter inside a name is nobody's question.
 */
function matching(typed: string, entries: readonly Entry[]): Entry[] {
  const asked = wordsOf(typed)
  const says = (text: string) => {
    const words = wordsOf(text)
    return asked.every((one) => words.some((word) => word.startsWith(one)))
  }
  const byName = entries.filter(({ name }) => says(name))
  const byOther = entries.filter(
    (entry) => !byName.includes(entry) && says(`${entry.name} ${entry.hint} ${entry.words ?? ''}`),
  )
  const inName = entries.filter(
    (entry) =>
      !byName.includes(entry) &&
      !byOther.includes(entry) &&
      asked.every((one) => one.length > 1 && entry.name.toLowerCase().includes(one)),
  )
  return [...byName, ...byOther, ...inName]
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}
