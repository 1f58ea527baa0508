import { createSignal, For, Show } from 'solid-js'
import { groupNames, isTime, labelOfGroup } from './explore-choice.ts'

/** One or two names to group by. A tag asks for its key before anything is asked of the server. */
export function GroupPicker(props: {
  seesWholeCompany: boolean
  groupBy: readonly string[]
  onPick: (names: readonly string[]) => void
}) {
  const [tagAt, setTagAt] = createSignal<number | null>(null)
  const pick = (at: number, name: string) => {
    if (name === 'tag') return setTagAt(at)
    setTagAt(null)
    const next = [...props.groupBy]
    if (name === '') next.splice(at, 1)
    else next[at] = name
    props.onPick(next)
  }
  const pickTag = (event: SubmitEvent) => {
    event.preventDefault()
    const key = String(new FormData(event.currentTarget as HTMLFormElement).get('key') ?? '').trim()
    const at = tagAt()
    if (key !== '' && at !== null) pick(at, `tag:${key}`)
  }
  return (
    <>
      <For each={[0, 1]}>
        {(at) => (
          <label class="inline-field">
            <span>{at === 0 ? 'Group by' : 'and by'}</span>
            <select onChange={(event) => pick(at, event.currentTarget.value)}>
              <Show when={at === 1}>
                <option value="" selected={!props.groupBy[at] && tagAt() !== at}>
                  nothing else
                </option>
              </Show>
              <Names {...props} at={at} chosen={tagAt() === at ? 'tag' : (props.groupBy[at] ?? '')} />
            </select>
          </label>
        )}
      </For>
      <Show when={tagAt() !== null}>
        <form class="explore-tag" onSubmit={pickTag}>
          <label class="inline-field">
            <span>Tag</span>
            <input name="key" type="text" placeholder="such as env" autocomplete="off" ref={focused} />
          </label>
          <button type="submit" class="button">
            Group
          </button>
        </form>
      </Show>
    </>
  )
}

/** What can be chosen here: not what stands in the other place, and one of day, week and month at most. */
function Names(props: { seesWholeCompany: boolean; groupBy: readonly string[]; at: number; chosen: string }) {
  const other = () => props.groupBy[1 - props.at] ?? ''
  const open = () => {
    const known = Object.entries(groupNames(props.seesWholeCompany))
    const own = props.groupBy[props.at]
    const tags: [string, string][] = own?.startsWith('tag:') ? [[own, labelOfGroup(own)]] : []
    return [...known, ...tags].filter(([name]) => name !== other() && !(isTime(name) && isTime(other())))
  }
  return (
    <For each={open()}>
      {([name, label]) => (
        <option value={name} selected={name === props.chosen}>
          {label}
        </option>
      )}
    </For>
  )
}

function focused(input: HTMLInputElement) {
  queueMicrotask(() => input.focus())
}
