import { createMemo, createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { type Team, useTeams } from '../../teams.ts'
import { useSettled } from '../gpu-mapping/settled.ts'
import { OwnerFields } from './owner-fields.tsx'
import { FIELDS, type Field, type Owner, type Rule, type RuleAlone, readRuleForm } from './rule-words.ts'

const AT_FIELDS = ['field', 'tag_key', 'pattern', 'owner', 'note']
const NOTHING: Pick<Rule, 'field' | 'tagKey' | 'pattern' | 'owner' | 'note'> = {
  ...{ field: 'account', tagKey: '', pattern: '', note: '', owner: { kind: 'team', teams: [] } },
}

/** Writes a rule down, or changes one (`of`). Nothing moves by it until the rules are applied. */
export function RuleDialog(props: { of?: RuleAlone; onReload?: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { own: latest, error } = useTeams()
  // Asked again after a refusal, they would take the fields away that somebody is typing in.
  const teams = createMemo<readonly Team[] | undefined>((first) => first ?? latest())
  const start = props.of ?? NOTHING
  const [field, setField] = createSignal<Field>(start.field)
  const [kind, setKind] = createSignal<Owner['kind']>(start.owner.kind)
  const { of } = props
  const form = createForm({
    fields: AT_FIELDS,
    codes: { 'owner_rules.no_tag_key': 'tag_key', 'owner_rules.bad_tag_key': 'tag_key' },
    schema: () =>
      import('../../../worker/owner-rules/rule-input.ts').then(({ NewRule, RuleChange }) =>
        of ? RuleChange : NewRule,
      ),
    read: (fields) => ({ ...(of ? { id: of.id, version: of.version } : {}), ...readRuleForm(fields) }),
    send: (rule) =>
      of
        ? api.ownerRules.update.mutate({ ...rule, id: of.id, version: of.version })
        : api.ownerRules.create.mutate(rule),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  /** The server's words name the id that a program would send. */
  const ownerProblem = () => (problem('owner')?.startsWith('Expected an id') ? 'Choose a team.' : problem('owner'))
  return (
    <FormDialog
      title={props.of ? 'Edit the rule' : 'New rule'}
      submit="Save the rule"
      form={form}
      isNotReady={teams() === undefined}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <fieldset class="choices rule-part">
        <legend>{FIELDS[field()].isOfJobs ? 'Jobs with' : 'Charges with'}</legend>
        <div class="field-row">
          <label>
            What
            <select name="field" value={field()} onChange={(event) => setField(event.currentTarget.value as Field)}>
              <For each={Object.entries(FIELDS)}>{([value, { name }]) => <option value={value}>{name}</option>}</For>
            </select>
          </label>
          <Show when={field() === 'tag'}>
            <TextField
              label="Key of the tag"
              name="tagKey"
              required
              maxlength={200}
              autocomplete="off"
              value={start.tagKey}
              placeholder="e.g. team"
              problem={problem('tag_key')}
            />
          </Show>
        </div>
        <TextField
          label={field() === 'tag' ? 'Value' : 'Is'}
          name="pattern"
          required
          maxlength={200}
          autocomplete="off"
          value={start.pattern}
          placeholder="e.g. ml-*"
          hint="* stands for any text, in any case of letters."
          problem={problem('pattern')}
        />
      </fieldset>
      <Show when={error()}>{(failure) => <FailureNote title="Could not load the teams" error={failure()} />}</Show>
      <Show when={teams()} fallback={<Skeleton label="Loading the teams" />}>
        {(known) => (
          <OwnerFields
            of={start.owner}
            kind={kind()}
            isOfJobs={FIELDS[field()].isOfJobs}
            teams={known()}
            problem={ownerProblem()}
            onKind={setKind}
          />
        )}
      </Show>
      <TextField label="Note (optional)" name="note" maxlength={500} value={start.note} problem={problem('note')} />
      <p class="note">Saving moves nothing. The rules hold once they are applied.</p>
    </FormDialog>
  )
}
