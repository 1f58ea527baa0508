import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, onCleanup, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { MovesPreview } from './moves-preview.tsx'
import { isWhole, type RuleInput, readRuleForm } from './rule-form.ts'
import { useSettled } from './settled.ts'

const FIELDS = ['provider', 'service', 'sku', 'instance_type', 'item_contains', 'gpu_type', 'gpu_count', 'note']
const TYPING_MS = 350

/** Makes a rule, or changes one (`id`), and says while it is typed what it would move. */
export function RuleDialog(props: {
  title: string
  of: RuleInput
  /** The rule that is changed, as it was when the dialog opened. */
  id?: `rule_${number}`
  version?: string
  isGpu: boolean
  knownTypes: readonly string[]
  onReload?: () => void
  onClose: () => void
}) {
  const settle = useSettled()
  const [isGpu, setIsGpu] = createSignal(props.isGpu)
  const [typed, setTyped] = createSignal({ rule: props.of, isGpu: props.isGpu })
  let waiting: ReturnType<typeof setTimeout> | undefined
  onCleanup(() => clearTimeout(waiting))
  const soon = (form: HTMLFormElement | null) => {
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      if (form?.isConnected) setTyped({ rule: readRuleForm(new FormData(form)), isGpu: isGpu() })
    }, TYPING_MS)
  }
  const isAsked = () => isWhole(typed().rule, typed().isGpu)
  const preview = useQuery(() => ({
    queryKey: ['gpuRules.preview', props.id, typed().rule],
    queryFn: () => {
      const { note: _, ...rule } = typed().rule
      return api.gpuRules.preview.query(props.id ? { id: props.id, ...rule } : rule)
    },
    enabled: isAsked(),
  }))
  const form = createForm({
    fields: FIELDS,
    codes: { 'gpu_rules.count_without_type': 'gpu_count' },
    schema: () =>
      import('../../../worker/gpu-rules/rule-input.ts').then(({ NewRule, RuleChange }) =>
        props.id ? RuleChange : NewRule,
      ),
    read: (fields) => {
      const { id, version } = props
      return { ...(id ? { id } : {}), ...(version === undefined ? {} : { version }), ...readRuleForm(fields) }
    },
    send: ({ id, version, ...rule }) =>
      id
        ? api.gpuRules.update.mutate({ id, ...rule, ...(version === undefined ? {} : { version }) })
        : api.gpuRules.create.mutate(rule),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  return (
    <FormDialog
      title={props.title}
      submit="Save the rule"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <div class="form" onInput={(event) => soon(event.currentTarget.closest('form'))}>
        <fieldset class="choices rule-part">
          <legend>Lines with all of these</legend>
          <div class="field-row">
            <TextField label="Provider" name="provider" value={props.of.provider} problem={problem('provider')} />
            <TextField label="Service" name="service" value={props.of.service} problem={problem('service')} />
            <TextField
              label="Instance type"
              name="instanceType"
              value={props.of.instanceType}
              problem={problem('instance_type')}
            />
            <TextField label="SKU" name="sku" value={props.of.sku} problem={problem('sku')} />
          </div>
          <TextField
            label="Item contains"
            name="itemContains"
            value={props.of.itemContains}
            hint="A part of what the line is called, in any case. Empty fields ask nothing."
            problem={problem('item_contains')}
          />
        </fieldset>
        <fieldset class="choices rule-part">
          <legend>Are</legend>
          <label class="check">
            <input type="radio" name="meaning" value="gpu" checked={isGpu()} onChange={() => setIsGpu(true)} />A GPU
          </label>
          <label class="check">
            <input type="radio" name="meaning" value="none" checked={!isGpu()} onChange={() => setIsGpu(false)} />
            No GPU
          </label>
        </fieldset>
        <Show when={isGpu()}>
          <div class="field-row">
            <TextField
              label="GPU type"
              name="gpuType"
              list="known-gpu-types"
              required
              autocomplete="off"
              value={props.of.gpuType}
              placeholder="e.g. h100"
              problem={problem('gpu_type')}
            />
            <TextField
              label="GPUs of one unit"
              name="gpuCount"
              type="number"
              min={1}
              max={1024}
              value={props.of.gpuCount ?? ''}
              hint="8 for a machine of eight, 1 where GPU-hours are billed. Empty: not known, so no capacity."
              problem={problem('gpu_count')}
            />
          </div>
          <datalist id="known-gpu-types">
            <For each={props.knownTypes}>{(type) => <option value={type} />}</For>
          </datalist>
        </Show>
        <TextField label="Note" name="note" maxlength={500} value={props.of.note} problem={problem('note')} />
      </div>
      <MovesPreview query={preview} isAsked={isAsked()} />
      <Show when={form.isBusy()}>
        <p class="note">Many lines take a while: leave this page open. If it is cut off, save the rule again.</p>
      </Show>
    </FormDialog>
  )
}
