import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { fieldProblem } from '../../field-problem.ts'
import type { Method, NodeSplit } from './node-split-panel.tsx'

const PARTS = { gpu: 'GPU share', cpu: 'CPU share', memory: 'Memory share' } as const
type Shares = NonNullable<NodeSplit['shares']>
const FIRST_SHARES: Shares = { gpu: '0.8', cpu: '0.15', memory: '0.05' }

/** Decides what of a node is its GPUs'. */
export function NodeSplitDialog(props: {
  chosen: NodeSplit
  version: string
  methods: readonly Method[]
  onReload: () => Promise<unknown>
  onClose: () => void
}) {
  const client = useQueryClient()
  const problemId = createUniqueId()
  const [method, setMethod] = createSignal(props.chosen.method)
  const [shares, setShares] = createSignal(props.chosen.shares ?? FIRST_SHARES)
  const decide = useMutation(() => ({
    mutationFn: () => {
      const nodeSplitMethod = { method: method(), shares: method() === 'custom' ? shares() : null }
      return api.settings.update.mutate({ nodeSplitMethod, version: props.version })
    },
    onSuccess: () => {
      props.onClose()
      void client.invalidateQueries()
    },
  }))
  return (
    <FormDialog
      title="What of a node is its GPUs’"
      submit="Save the method"
      isBusy={decide.isPending}
      error={decide.error}
      toldAt={method() === 'custom' ? ['node_split_method'] : []}
      onReload={() => void props.onReload().then(() => decide.reset())}
      onSubmit={() => decide.mutate()}
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
      <Show when={method() === 'custom'}>
        <fieldset>
          <legend>Shares</legend>
          <p class="note">Decimals such as 0.8 that sum to 1.</p>
          <div class="split-shares">
            <For each={Object.keys(PARTS) as (keyof Shares)[]}>
              {(part) => (
                <label>
                  {PARTS[part]}
                  <input
                    inputmode="decimal"
                    autocomplete="off"
                    aria-describedby={problemId}
                    value={shares()[part]}
                    onInput={(event) => setShares({ ...shares(), [part]: event.currentTarget.value.trim() })}
                  />
                </label>
              )}
            </For>
          </div>
          <p id={problemId} class="field-problem" role="alert">
            {fieldProblem(decide.error, 'node_split_method')}
          </p>
        </fieldset>
      </Show>
    </FormDialog>
  )
}
