import { createSignal, For, Show } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'

type Decided = Answers['teamGateway']['get']
type Opened = { name: string; decided: Decided }

/** What each team decided about its calls: whether words are kept and answers used again. Administrators change it. */
export function TeamCalls(props: { isAdmin: boolean }) {
  const { own: teams, error } = useTeams()
  const [opened, open] = createSignal<Opened | null>(null)
  const [failure, setFailure] = createSignal<unknown>(null)
  const look = ({ id, name }: { id: string; name: string }) => {
    setFailure(null)
    api.teamGateway.get.query({ id }).then((decided) => open({ name, decided }), setFailure)
  }
  return (
    <section class="panel" aria-labelledby="team-calls">
      <header class="panel-head">
        <h2 id="team-calls">Calls of teams</h2>
      </header>
      <div class="panel-body">
        <p class="note">Whether words are kept, answers used again, and costs said beside answers.</p>
        <Show when={failure() ?? error()}>
          {(reason) => <FailureNote title="Could not read what the team decided" error={reason()} />}
        </Show>
        <Show when={teams()?.length === 0}>
          <p class="empty">There is no team yet.</p>
        </Show>
        <ul class="team-calls">
          <For each={teams() ?? []}>
            {(team) => (
              <li>
                <button
                  type="button"
                  class="button is-quiet"
                  aria-label={`${props.isAdmin ? 'Decide about' : 'Look at'} calls of ${team.name}`}
                  onClick={() => look(team)}
                >
                  {team.name}
                </button>
              </li>
            )}
          </For>
        </ul>
      </div>
      <Show when={opened()} keyed>
        {(one) => (
          <Decide
            of={one}
            isAdmin={props.isAdmin}
            onReload={() => look({ id: one.decided.teamId, name: one.name })}
            onClose={() => open(null)}
          />
        )}
      </Show>
    </section>
  )
}

function Decide(props: { of: Opened; isAdmin: boolean; onReload: () => void; onClose: () => void }) {
  const { teamId: id, version } = props.of.decided
  const now = () => props.of.decided
  const form = createForm({
    fields: ['body_days', 'cache_ttl_seconds'],
    schema: () =>
      import('../../../worker/team-gateway/team-gateway-input.ts').then(({ TeamGatewayChange }) => TeamGatewayChange),
    read: (fields) => ({ id, version, ...decidedIn(fields) }),
    send: (change) => api.teamGateway.update.mutate(change),
    onDone: () => {
      props.onClose()
      sayResult(`What ${props.of.name} decided is stored.`)
    },
  })
  return (
    <FormDialog
      title={`Calls of ${props.of.name}`}
      submit="Save"
      form={form}
      isNotReady={!props.isAdmin}
      onReload={props.onReload}
      onClose={props.onClose}
    >
      <fieldset class="choices" disabled={!props.isAdmin}>
        <legend>{props.isAdmin ? 'What holds for its calls' : 'Administrators decide this'}</legend>
        <Check name="keeps" text="Keep messages and answers" isOn={now().keepsBodies} />
        <Check
          name="redacts"
          text="Strike e-mail addresses, phone and card numbers, and keys out of them"
          isOn={now().redacts}
        />
        <Check name="says" text="Say cost, backend and cache in headers of answers" isOn={now().saysCost} />
        <div class="field-row">
          <TextField
            label="Keep words for, days"
            name="days"
            type="number"
            min={1}
            max={3650}
            value={now().bodyDays}
            problem={form.problem('body_days')}
          />
          <TextField
            label="Use answers again for, seconds"
            name="ttl"
            type="number"
            min={1}
            value={now().cacheTtlSeconds ?? ''}
            placeholder="never"
            hint="Empty: every question is asked."
            problem={form.problem('cache_ttl_seconds')}
          />
        </div>
      </fieldset>
    </FormDialog>
  )
}

function Check(props: { name: string; text: string; isOn: boolean }) {
  return (
    <label class="check">
      <input type="checkbox" name={props.name} checked={props.isOn} />
      <span>{props.text}</span>
    </label>
  )
}

function decidedIn(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return {
    ...{ keepsBodies: form.has('keeps'), redacts: form.has('redacts'), saysCost: form.has('says') },
    bodyDays: Number(text('days')),
    cacheTtlSeconds: text('ttl') === '' ? null : Number(text('ttl')),
  }
}
