import { Match, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { RateDialog, RemoveRate } from './rate-dialogs.tsx'
import { RemoveRule } from './remove-rule.tsx'
import { RuleDialog } from './rule-dialog.tsx'
import { NO_RULE, ruleOf, type UnrecognisedLine } from './rule-form.ts'

/** Which dialog is open, and about what: as it was when the dialog opened, so that another's change is noticed. */
export type Opened =
  | { dialog: 'new-rule'; line: UnrecognisedLine | null }
  | { dialog: 'edit-rule' | 'remove-rule'; rule: Answers['gpuRules']['get'] }
  | { dialog: 'new-rate' }
  | { dialog: 'edit-rate' | 'remove-rate'; rate: Answers['rates']['get'] }

/** The dialogs of the page, one at a time. */
export function MappingDialogs(props: {
  opened: Opened | null
  knownTypes: readonly string[]
  onOpen: (next: Opened | null) => void
}) {
  const close = () => props.onOpen(null)
  const opened = <D extends Opened['dialog']>(dialog: D) =>
    props.opened?.dialog === dialog ? (props.opened as Extract<Opened, { dialog: D }>) : undefined
  const rule = (dialog: 'edit-rule' | 'remove-rule') => opened(dialog)?.rule
  const rate = (dialog: 'edit-rate' | 'remove-rate') => opened(dialog)?.rate
  const ruleAgain = (dialog: 'edit-rule' | 'remove-rule', id: `rule_${number}`) => () =>
    void api.gpuRules.get.query({ id }).then((now) => props.onOpen({ dialog, rule: now }), close)
  const rateAgain = (dialog: 'edit-rate' | 'remove-rate', id: `rate_${number}`) => () =>
    void api.rates.get.query({ id }).then((now) => props.onOpen({ dialog, rate: now }), close)
  return (
    <Switch>
      <Match when={opened('new-rule')} keyed>
        {({ line }) => (
          <RuleDialog
            title={line ? 'This is a GPU' : 'New rule'}
            of={line ? ruleOf(line) : NO_RULE}
            isGpu={true}
            knownTypes={props.knownTypes}
            onClose={close}
          />
        )}
      </Match>
      <Match when={rule('edit-rule')} keyed>
        {(one) => (
          <RuleDialog
            title="Edit the rule"
            of={one}
            id={one.id}
            version={one.version}
            isGpu={one.gpuType !== ''}
            knownTypes={props.knownTypes}
            onReload={ruleAgain('edit-rule', one.id)}
            onClose={close}
          />
        )}
      </Match>
      <Match when={rule('remove-rule')} keyed>
        {(one) => <RemoveRule of={one} onReload={ruleAgain('remove-rule', one.id)} onClose={close} />}
      </Match>
      <Match when={opened('new-rate')}>
        <RateDialog onClose={close} />
      </Match>
      <Match when={rate('edit-rate')} keyed>
        {(one) => <RateDialog of={one} onReload={rateAgain('edit-rate', one.id)} onClose={close} />}
      </Match>
      <Match when={rate('remove-rate')} keyed>
        {(one) => <RemoveRate of={one} onReload={rateAgain('remove-rate', one.id)} onClose={close} />}
      </Match>
    </Switch>
  )
}
