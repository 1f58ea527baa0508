import { useMutation } from '@tanstack/solid-query'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Skeleton } from '../../components/panel.tsx'
import { TextField } from '../../components/text-field.tsx'
import { fieldProblem } from '../../field-problem.ts'
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
  const { teams: latest, error } = useTeams()
  // Asked again after a refusal, they would take the fields away that somebody is typing in.
  const teams = createMemo<readonly Team[] | undefined>((first) => first ?? latest())
  const start = props.of ?? NOTHING
  const [field, setField] = createSignal<Field>(start.field)
  const [kind, setKind] = createSignal<Owner['kind']>(start.owner.kind)
  const save = useMutation(() => ({
    mutationFn: (form: FormData) => {
      const rule = readRuleForm(form)
      return props.of
        ? api.ownerRules.update.mutate({ id: props.of.id, version: props.of.version, ...rule })
        : api.ownerRules.create.mutate(rule)
    },
    onSuccess: props.onClose,
    onSettled: settle,
  }))
  const problem = (name: string) => fieldProblem(save.error, name)
  return (
    <FormDialog
      title={props.of ? 'Edit the rule' : 'New rule'}
      submit="Save the rule"
      isBusy={save.isPending || teams() === undefined}
      error={save.error}
      toldAt={AT_FIELDS}
      {...(props.onReload ? { onReload: props.onReload } : {})}
      onSubmit={(form) => save.mutate(form)}
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
            problem={problem('owner')}
            onKind={setKind}
          />
        )}
      </Show>
      <TextField label="Note (optional)" name="note" maxlength={500} value={start.note} problem={problem('note')} />
      <p class="note">Saving moves nothing. The rules hold once they are applied.</p>
    </FormDialog>
  )
}
