import { useMutation } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { useSettled } from '../../components/entry-dialogs.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { formatFullDay } from '../../format/day.ts'
import { formatUsdExact } from '../../format/usd.ts'
import { createForm } from '../../forms/create-form.ts'
import { COST_FIELDS, CostFields, type CostNow, costChangeIn, newCostIn } from './cost-fields.tsx'
import { nameOf } from './cost-table.tsx'

/** Which dialog is open, and about which entry: as it was when the dialog opened, so that another's change is noticed. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'remove'; cost: CostNow }

const TOLD = { fields: COST_FIELDS, codes: { 'costs.entry_exists': 'date' } }

/** Makes, changes and removes bill lines, one dialog at a time. */
export function CostDialogs(props: {
  opened: Opened | null
  onReload: (dialog: 'edit' | 'remove', id: CostNow['id']) => void
  onRemoved: () => void
  onClose: () => void
}) {
  const about = (dialog: Opened['dialog']) => {
    const { opened } = props
    return opened && opened.dialog === dialog && 'cost' in opened ? opened.cost : undefined
  }
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <NewCost onClose={props.onClose} />
      </Match>
      <Match when={about('edit')} keyed>
        {(cost) => <EditCost of={cost} onReload={() => props.onReload('edit', cost.id)} onClose={props.onClose} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(cost) => (
          <RemoveCost
            of={cost}
            onReload={() => props.onReload('remove', cost.id)}
            onRemoved={props.onRemoved}
            onClose={props.onClose}
          />
        )}
      </Match>
    </Switch>
  )
}

function NewCost(props: { onClose: () => void }) {
  const settle = useSettled()
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/costs/cost-input.ts').then(({ NewCost }) => NewCost),
    read: newCostIn,
    send: (cost) => api.costs.create.mutate(cost),
    onDone: (made) => {
      settle()
      props.onClose()
      sayResult(`${formatUsdExact(made.costUsd)} on ${formatFullDay(made.date)} is entered.`)
    },
  })
  return (
    <FormDialog title="New entry" submit="Enter it" form={form} onClose={props.onClose}>
      <CostFields problem={form.problem} />
    </FormDialog>
  )
}

function EditCost(props: { of: CostNow; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { of } = props
  const { id, version } = of
  const form = createForm({
    ...TOLD,
    schema: () => import('../../../worker/costs/cost-input.ts').then(({ CostChange }) => CostChange),
    read: (fields) => ({ id, version, ...costChangeIn(fields, of) }),
    send: (change) => api.costs.update.mutate(change),
    onDone: () => {
      props.onClose()
      sayResult('The entry is saved.')
    },
    onSettled: settle,
  })
  return (
    <FormDialog
      title={`Edit ${nameOf(of)}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <CostFields of={of} problem={form.problem} />
      <p class="note">An entry that a file brought is what the file says again when the file is sent again.</p>
    </FormDialog>
  )
}

function RemoveCost(props: { of: CostNow; onReload: () => void; onRemoved: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.costs.remove.mutate({ id, version }),
    onSuccess: () => {
      props.onRemoved()
      sayResult(`${nameOf(props.of)} is removed.`)
    },
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${nameOf(props.of)}?`}
      confirm="Remove entry"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        {formatUsdExact(props.of.costUsd)} leaves the bill of {formatFullDay(props.of.date)}, and every sum that it is
        in. The file that brought it brings it back when it is sent again.
      </p>
    </ConfirmDialog>
  )
}
