import { For, Show } from 'solid-js'
import { type Answers, api, failureOf } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm, type Form } from '../../forms/create-form.ts'
import type { ListedPrice } from './price-table.tsx'
import { useSettled } from './settled.ts'

type PriceNow = Answers['prices']['models']['get']

const RATES = [
  ['input', 'Input', true],
  ['output', 'Output', true],
  ['cachedInput', 'Cached input', false],
  ['cacheWrite', 'Cache write', false],
  ['cacheWriteLong', 'Cache write, 1 h', false],
  ['reasoning', 'Reasoning', false],
] as const
type RateName = (typeof RATES)[number][0]

const snake = (name: RateName) =>
  `${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_usd_per_million` as const
const FIELDS = ['model', 'effective_from', 'source', ...RATES.map(([name]) => snake(name))]

/** Dates a price of a model, or changes one that nothing was billed with. `from`: a price to begin with. */
export function PriceDialog(props: {
  model: string
  from?: ListedPrice | undefined
  of?: PriceNow
  onReload?: () => void
  onClose: () => void
}) {
  const settle = useSettled()
  const { of } = props
  const form = createForm({
    fields: FIELDS,
    codes: { 'prices.day_taken': 'effective_from' },
    schema: () =>
      import('../../../worker/prices/price-input.ts').then(({ NewModelPrice, ModelPriceChange }) =>
        of ? ModelPriceChange : NewModelPrice,
      ),
    read: (fields) => {
      const text = (name: string) => String(fields.get(name) ?? '').trim()
      const optional = (name: RateName) => ({ [`${name}UsdPerMillion`]: text(name) || null })
      return {
        ...(of ? { id: of.id, version: of.version } : {}),
        ...{ model: text('model'), source: text('source'), confirm: fields.get('confirm') === 'on' },
        ...{ inputUsdPerMillion: text('input'), outputUsdPerMillion: text('output') },
        ...Object.assign({}, ...RATES.filter(([, , isNeeded]) => !isNeeded).map(([name]) => optional(name))),
        ...(text('from') ? { effectiveFrom: text('from') } : {}),
      }
    },
    send: (price) =>
      of
        ? api.prices.models.update.mutate({ ...price, id: of.id, version: of.version })
        : api.prices.models.create.mutate(price),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  const first = (name: RateName) => (props.of ?? props.from)?.[`${name}UsdPerMillion`] ?? ''
  return (
    <FormDialog
      title={props.of ? `Edit the price of ${props.of.model}` : 'New price'}
      submit="Save the price"
      form={form}
      {...(props.onReload ? { onReload: props.onReload } : {})}
      onClose={props.onClose}
    >
      <div class="field-row">
        <TextField
          label="Model"
          name="model"
          required
          autocomplete="off"
          maxlength={200}
          placeholder="e.g. gpt-4.1-mini"
          hint="As the backend calls it, or provider/model"
          value={props.of?.model ?? props.model}
          problem={problem('model')}
        />
        <TextField
          label="From (UTC day)"
          name="from"
          type="date"
          hint="Empty: today"
          value={props.of?.effectiveFrom ?? ''}
          problem={problem('effective_from')}
        />
      </div>
      <fieldset class="rule-part">
        <legend>US dollars for a million tokens</legend>
        <div class="field-row">
          <For each={RATES}>
            {([name, label, isNeeded]) => (
              <TextField
                label={label}
                name={name}
                inputmode="decimal"
                required={isNeeded}
                autocomplete="off"
                placeholder={isNeeded ? 'e.g. 2.50' : 'as its kind'}
                value={first(name)}
                problem={problem(snake(name))}
              />
            )}
          </For>
        </div>
      </fieldset>
      <TextField
        label="Who says so"
        name="source"
        maxlength={200}
        placeholder="e.g. contract of 2026"
        value={props.of?.source ?? ''}
        problem={problem('source')}
      />
      <Confirm form={form} />
      <p class="note">
        Calls that start from now on use it. What was billed keeps its amount; “Price calls again” changes that on
        purpose. Prices of service tiers and of long requests come with an import, or through the API.
      </p>
    </FormDialog>
  )
}

/** Appears once the server has asked whether a jump is meant. */
export function Confirm(props: { form: Form }) {
  const isJump = () => {
    const failure = props.form.failure()
    return failure !== null && failureOf(failure).code === 'prices.jump'
  }
  return (
    <Show when={isJump()}>
      <label class="check">
        <input type="checkbox" name="confirm" />
        The price is right
      </label>
    </Show>
  )
}
