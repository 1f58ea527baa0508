import { createSignal, For, Show } from 'solid-js'
import { TextField } from '../../components/text-field.tsx'
import { CHANGE_NAMES, type ChangeName, KINDS } from './changes.ts'

type Pool = { provider: string; gpuType: string; gpuHourUsd: string | null; utilization: number | null }

/** One more change: what, of which pool or model, and how much. */
export function ChangeForm(props: {
  pools: readonly Pool[]
  models: readonly { model: string }[]
  seesWholeCompany: boolean
  onAdd: (name: ChangeName, text: string) => void
}) {
  const [name, setName] = createSignal<ChangeName>('gpuPercent')
  const [problem, setProblem] = createSignal<string>()
  const kind = () => KINDS[name()]
  const offered = () => CHANGE_NAMES.filter((one) => props.seesWholeCompany || !KINDS[one].isCompanys)
  const models = () => [...new Set(props.models.map(({ model }) => model))]
  const add = (form: HTMLFormElement) => {
    const fields = new FormData(form)
    const [thing, value] = ['thing', 'value'].map((field) => String(fields.get(field) ?? '').trim())
    if (!thing) return setProblem(`Say which ${kind().of}.`)
    if (kind().value !== null && !value)
      return setProblem(`Say ${kind().value?.toLowerCase()}, such as ${kind().hint}.`)
    setProblem(undefined)
    props.onAdd(name(), kind().value === null ? thing : `${thing}=${value}`)
  }
  return (
    <form
      class="form"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        add(event.currentTarget)
      }}
    >
      <div class="field-row">
        <label>
          What would be otherwise
          <select name="kind" onChange={(event) => setName(event.currentTarget.value as ChangeName)}>
            <For each={offered()}>
              {(one) => (
                <option value={one} selected={one === name()}>
                  {KINDS[one].label}
                </option>
              )}
            </For>
          </select>
        </label>
        <Show
          when={kind().of === 'pool'}
          fallback={
            <TextField
              label="Model"
              name="thing"
              autocomplete="off"
              list="what-if-models"
              placeholder={models()[0] ?? 'gpt-4o'}
            />
          }
        >
          <label>
            Pool
            <select name="thing">
              <option value="*/*">Every pool</option>
              <For each={props.pools}>
                {(pool) => (
                  <option value={`${pool.provider}/${pool.gpuType}`}>
                    {pool.provider} {pool.gpuType || '(no GPU)'}
                    {pool.gpuHourUsd === null ? '' : `, now $${Number(pool.gpuHourUsd).toFixed(2)} a GPU-hour`}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
        <Show when={kind().value}>
          {(label) => (
            <TextField
              label={label()}
              name="value"
              autocomplete="off"
              placeholder={`e.g. ${kind().hint}`}
              problem={problem()}
            />
          )}
        </Show>
      </div>
      <datalist id="what-if-models">
        <For each={models()}>{(model) => <option value={model} />}</For>
      </datalist>
      <Show when={problem() && !kind().value}>
        <p class="field-problem" role="alert">
          {problem()}
        </p>
      </Show>
      <div>
        <button type="submit" class="button is-primary">
          Add the change
        </button>
      </div>
    </form>
  )
}
