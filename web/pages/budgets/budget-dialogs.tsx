import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { createForm } from '../../forms/create-form.ts'
import { BUDGET_FIELDS, LimitFields, limitIn, NewBudgetFields, newBudgetIn } from './budget-fields.tsx'
import { type Budget, nameOf } from './budget-line.tsx'

/** Which dialog is open, and about which budget: as it was when the dialog opened. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'remove'; budget: Budget }

/** Sets, changes and removes budgets, one dialog at a time. */
export function BudgetDialogs(props: {
  opened: Opened | null
  onOpen: (next: Opened | null) => void
  onReload: (dialog: 'edit' | 'remove', id: string) => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: 'edit' | 'remove') => {
    const { opened } = props
    return opened?.dialog === dialog && 'budget' in opened ? opened.budget : undefined
  }
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <NewBudget onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(budget) => <EditBudget of={budget} onReload={() => props.onReload('edit', budget.id)} onClose={close} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(budget) => <RemoveBudget of={budget} onReload={() => props.onReload('remove', budget.id)} onClose={close} />}
      </Match>
    </Switch>
  )
}

function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ queryKey: ['budgets.list'] })
}

function NewBudget(props: { onClose: () => void }) {
  const settle = useSettled()
  const form = createForm({
    fields: BUDGET_FIELDS,
    schema: () => import('../../../worker/budgets/budget-input.ts').then(({ NewBudget }) => NewBudget),
    read: newBudgetIn,
    send: (asked) => api.budgets.create.mutate(asked),
    onDone: (budget) => {
      settle()
      props.onClose()
      sayResult(`The budget of ${nameOf(budget)} is set.`)
    },
  })
  return (
    <FormDialog title="New budget" submit="Set the budget" form={form} onClose={props.onClose}>
      <NewBudgetFields problem={form.problem} />
    </FormDialog>
  )
}

function EditBudget(props: { of: Budget; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const form = createForm({
    fields: BUDGET_FIELDS,
    schema: () => import('../../../worker/budgets/budget-input.ts').then(({ BudgetChange }) => BudgetChange),
    read: (fields) => ({ id, version, ...limitIn(fields) }),
    send: (change) => api.budgets.update.mutate(change),
    onDone: props.onClose,
    onSettled: settle,
  })
  return (
    <FormDialog
      title={`Budget of ${nameOf(props.of)}`}
      submit="Save"
      form={form}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <LimitFields of={props.of} problem={form.problem} />
    </FormDialog>
  )
}

function RemoveBudget(props: { of: Budget; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.budgets.remove.mutate({ id, version }),
    onSuccess: () => sayResult(`The budget of ${nameOf(props.of)} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove the budget of ${nameOf(props.of)}?`}
      confirm="Remove budget"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>Calls that it holds back are free from then on. What was spent stays in the ledger.</p>
    </ConfirmDialog>
  )
}
