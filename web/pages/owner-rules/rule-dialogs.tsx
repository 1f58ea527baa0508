import { useMutation } from '@tanstack/solid-query'
import { Match, Show, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { formatCountOf } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { useSettled } from '../gpu-mapping/settled.ts'
import { RuleDialog } from './rule-dialog.tsx'
import { conditionOf, type RuleAlone } from './rule-words.ts'

/** Which dialog is open, and about what: as it was when the dialog opened. */
export type Opened = { dialog: 'new' } | { dialog: 'edit' | 'remove'; rule: RuleAlone } | { dialog: 'apply' }

/** The dialogs of the page, one at a time. */
export function RuleDialogs(props: {
  opened: Opened | null
  preview: Answers['ownerRules']['preview'] | undefined
  onOpen: (next: Opened | null) => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: 'edit' | 'remove') => {
    const { opened } = props
    return opened && opened.dialog === dialog ? opened.rule : undefined
  }
  const again = (dialog: 'edit' | 'remove', id: string) => () =>
    void api.ownerRules.get.query({ id }).then((rule) => props.onOpen({ dialog, rule }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <RuleDialog onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(rule) => <RuleDialog of={rule} onReload={again('edit', rule.id)} onClose={close} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(rule) => <RemoveRule of={rule} onReload={again('remove', rule.id)} onClose={close} />}
      </Match>
      <Match when={props.opened?.dialog === 'apply'}>
        <ApplyRules preview={props.preview} onClose={close} />
      </Match>
    </Switch>
  )
}

function RemoveRule(props: { of: RuleAlone; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.ownerRules.remove.mutate({ id, version }),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title="Remove this rule?"
      confirm="Remove rule"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        The rule for {conditionOf(props.of)} goes off the list. What it decided stays decided until you apply the list.
      </p>
    </ConfirmDialog>
  )
}

function ApplyRules(props: { preview: Answers['ownerRules']['preview'] | undefined; onClose: () => void }) {
  const settle = useSettled()
  const apply = useMutation(() => ({ mutationFn: () => api.ownerRules.applyAll.mutate(), onSettled: settle }))
  return (
    <ConfirmDialog
      title="Apply these rules to history?"
      confirm="Apply to history"
      isBusy={apply.isPending}
      error={apply.error}
      onConfirm={() => apply.mutateAsync()}
      onClose={props.onClose}
    >
      <Show when={props.preview?.moved}>
        {(moved) => (
          <p>
            {formatCountOf(moved().entryCount, 'charge')} of <strong>{formatUsd(moved().chargeUsd)}</strong> and{' '}
            {formatCountOf(moved().jobCount, 'job')} of <strong>{formatUsd(moved().jobUsd)}</strong> change hands.
          </p>
        )}
      </Show>
      <p>
        Every day that is there is charged by these rules, and everything that comes in from now on. The other jobs of
        the same days share what is left. Totals stay as they are, statements of closed months too. It is written to the
        audit log. To take it back, change the rules and apply them again.
      </p>
      <Show when={apply.isPending}>
        <p class="note">A long history takes a while. You may leave this page: it goes on by itself.</p>
      </Show>
    </ConfirmDialog>
  )
}
