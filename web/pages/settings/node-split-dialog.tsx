import { useQueryClient } from '@tanstack/solid-query'
import { createSignal, For } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { FIRST_SHARES, ShareFields, sharesIn } from '../../components/share-fields.tsx'
import { createForm } from '../../forms/create-form.ts'
import type { Method, NodeSplit } from './node-split-panel.tsx'

/** Its name in what the server says of it. */
const SPLIT = 'node_split_method'

/** Decides what of a node is its GPUs'. */
export function NodeSplitDialog(props: {
  chosen: NodeSplit
  version: string
  methods: readonly Method[]
  onReload: () => Promise<unknown>
  onClose: () => void
}) {
  const client = useQueryClient()
  const [method, setMethod] = createSignal(props.chosen.method)
  const form = createForm({
    fields: [SPLIT],
    schema: () => import('../../../worker/settings/node-split-input.ts').then(({ NodeSplitChange }) => NodeSplitChange),
    read: (fields) => ({
      nodeSplitMethod: { method: method(), shares: method() === 'custom' ? sharesIn(fields) : null },
      version: props.version,
    }),
    send: (decision) => api.settings.update.mutate(decision),
    onDone: () => {
      props.onClose()
      void client.invalidateQueries()
    },
  })
  return (
    <FormDialog
      title="What of a node is its GPUs’"
      submit="Save the method"
      form={form}
      onReload={() => void props.onReload().then(() => form.reset())}
      onClose={props.onClose}
    >
      <fieldset class="split-methods">
        <legend>Method</legend>
        <For each={props.methods}>
          {(one) => (
            <label class="check">
              <input
                type="radio"
                name="method"
                checked={method() === one.name}
                onChange={() => setMethod(() => one.name)}
              />
              <span>
                {one.title}
                <span class="note"> {one.formula}</span>
              </span>
            </label>
          )}
        </For>
      </fieldset>
      {/* Out of sight, and not gone: what was typed is there again with the method. */}
      <fieldset hidden={method() !== 'custom'}>
        <legend>Shares</legend>
        <p class="note">Decimals such as 0.8 that sum to 1.</p>
        <ShareFields shares={props.chosen.shares ?? FIRST_SHARES} at={`${SPLIT} -> shares`} problem={form.problem} />
      </fieldset>
    </FormDialog>
  )
}
