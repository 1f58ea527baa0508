import { A } from '@solidjs/router'
import { useMutation, useQuery } from '@tanstack/solid-query'
import { createSignal, For, Match, onMount, Show, Switch, untrack } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { FailureNote } from '../../components/failure-note.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { createForm } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import { useUser } from '../../user.ts'
import { useSettled } from './queries.ts'
import { RuleFields, WhoseField } from './rule-fields.tsx'
import { readRuleForm, toldFields } from './rule-form.ts'
import type { Kind, Rule } from './words.ts'

/** Which dialog about rules is open, and about which: as it was when the dialog opened. */
export type OpenedRule = { dialog: 'new' } | { dialog: 'edit' | 'remove' | 'try'; rule: Rule }

/** Makes, changes, tries and removes rules, one dialog at a time. */
export function RuleDialogs(props: {
  opened: OpenedRule | null
  kinds: readonly Kind[]
  onOpen: (next: OpenedRule | null) => void
}) {
  const close = () => props.onOpen(null)
  const about = (dialog: 'edit' | 'remove' | 'try') => {
    const { opened } = props
    return opened?.dialog === dialog && 'rule' in opened ? opened.rule : undefined
  }
  const again = (dialog: 'edit' | 'remove', { id }: Rule) =>
    api.alerts.rule.query({ id }).then((rule) => props.onOpen({ dialog, rule }), close)
  return (
    <Switch>
      <Match when={props.opened?.dialog === 'new'}>
        <EditRule kinds={props.kinds} onClose={close} />
      </Match>
      <Match when={about('edit')} keyed>
        {(rule) => <EditRule of={rule} kinds={props.kinds} onReload={() => again('edit', rule)} onClose={close} />}
      </Match>
      <Match when={about('try')} keyed>
        {(rule) => <TryRule of={rule} onClose={close} />}
      </Match>
      <Match when={about('remove')} keyed>
        {(rule) => <RemoveRule of={rule} onReload={() => again('remove', rule)} onClose={close} />}
      </Match>
    </Switch>
  )
}

/** A new rule (its kind is chosen first), or one that is changed (its kind and whose it is stay). */
function EditRule(props: { of?: Rule; kinds: readonly Kind[]; onReload?: () => void; onClose: () => void }) {
  // As they were when the dialog opened: asked again, they would build the form anew and take away what was typed.
  const kinds = untrack(() => props.kinds.map((one) => ({ ...one })))
  const user = useUser()
  const seesWholeCompany = () => user()?.seesWholeCompany ?? false
  const offered = () => kinds.filter(({ of }) => seesWholeCompany() || of.includes('team'))
  const { teams } = useTeams()
  const channels = useQuery(() => ({ queryKey: ['alerts.channels'], queryFn: () => api.alerts.channels.query() }))
  const [chosen, choose] = createSignal(props.of?.kind ?? offered()[0]?.kind)
  const kind = () => kinds.find((one) => one.kind === chosen())
  const [team, setTeam] = createSignal<string | null>(null)
  const first = () => (seesWholeCompany() && kind()?.of.includes('company') ? '' : (teams()?.[0]?.id ?? ''))
  const teamId = () => props.of?.teamId ?? team() ?? first()
  const form = createForm({
    get fields() {
      return toldFields(kind())
    },
    schema: () =>
      import('../../../worker/alerts/alert-input.ts').then(({ AlertRuleChanges, NewAlertRule }) =>
        props.of ? AlertRuleChanges.partial({ id: true }) : NewAlertRule,
      ),
    read: (fields) => {
      const known = kind()
      if (!known) throw new Error('no kind')
      return readRuleForm(fields, known)
    },
    send: async (input) => {
      if (!props.of) return api.alerts.createRule.mutate(input)
      const { kind: _kind, teamId: _team, ...changes } = input
      return api.alerts.updateRule.mutate({ id: props.of.id, version: props.of.version, ...changes })
    },
    onDone: (rule) => {
      props.onClose()
      sayResult(props.of ? `${rule.name} is saved.` : `${rule.name} is made: the clock looks at it within a minute.`)
    },
    onSettled: useSettled(),
  })
  return (
    <FormDialog
      title={props.of ? `Edit ${props.of.name}` : 'New alert rule'}
      submit={props.of ? 'Save' : 'Make the rule'}
      form={form}
      isNotReady={channels.isPending}
      error={channels.error}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <Show when={!props.of}>
        <div class="field-row">
          <label>
            Kind
            <select
              name="kind"
              onChange={(event) => {
                setTeam(null)
                choose(event.currentTarget.value)
              }}
            >
              <For each={offered()}>{(one) => <option value={one.kind}>{one.title}</option>}</For>
            </select>
          </label>
          <WhoseField
            kind={kind()}
            teams={teams() ?? []}
            seesWholeCompany={seesWholeCompany()}
            value={teamId()}
            problem={form.problem('team_id')}
            onChange={setTeam}
          />
        </div>
      </Show>
      <Show when={kind()} keyed>
        {(known) => (
          <>
            <p class="note">{known.describes}</p>
            <RuleFields
              kind={known}
              {...(props.of ? { of: props.of } : {})}
              teamId={teamId()}
              channels={channels.isPending ? [] : (channels.data ?? [])}
              problem={form.problem}
            />
          </>
        )}
      </Show>
    </FormDialog>
  )
}

/** What the rule finds now; nothing is stored and nobody is told. */
function TryRule(props: { of: Rule; onClose: () => void }) {
  const attempt = useMutation(() => ({ mutationFn: () => api.alerts.tryRule.mutate({ id: props.of.id }) }))
  onMount(() => attempt.mutate())
  return (
    <Dialog title={`Try ${props.of.name}`} onClose={props.onClose}>
      <div role="status" class="rule-try">
        <Show when={attempt.isPending}>
          <p>Looking…</p>
        </Show>
        <Show when={attempt.data}>
          {(tried) => (
            <>
              <p>
                <span
                  class={`badge ${tried().isKnown ? (tried().findings.length > 0 ? 'is-bad' : 'is-good') : 'is-warning'}`}
                >
                  {tried().isKnown ? (tried().findings.length > 0 ? 'Holds' : 'Quiet') : 'Does not know'}
                </span>{' '}
                {tried().message}. Nothing was stored and nobody was told.
              </p>
              <ul class="rule-findings">
                <For each={tried().findings}>
                  {({ title, text, href }) => (
                    <li>
                      <A href={href}>{title}</A>
                      <Show when={text}>
                        <p class="note">{text}</p>
                      </Show>
                    </li>
                  )}
                </For>
              </ul>
            </>
          )}
        </Show>
      </div>
      <Show when={attempt.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <div class="dialog-actions">
        <button type="button" class="button" disabled={attempt.isPending} onClick={() => attempt.mutate()}>
          Try again
        </button>
        <button type="button" class="button is-primary" onClick={() => props.onClose()}>
          Done
        </button>
      </div>
    </Dialog>
  )
}

function RemoveRule(props: { of: Rule; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const remove = useMutation(() => ({
    mutationFn: () => api.alerts.removeRule.mutate({ id: props.of.id, version: props.of.version }),
    onSuccess: () => sayResult(`The rule ${props.of.name} is removed.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove rule"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>Its alerts and their history go with it. What still fires is told as over where it was told.</p>
    </ConfirmDialog>
  )
}
