import { useQuery } from '@tanstack/solid-query'
import { For, Match, Show, Switch } from 'solid-js'
import { api } from '../../api.ts'
import { Dialog } from '../../components/dialog.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Panel } from '../../components/panel.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { formatInstant } from '../../format/day.ts'
import { createForm } from '../../forms/create-form.ts'
import { useSettled } from './queries.ts'
import { type Alert, EVENT_WORDS, STATUS_WORDS } from './words.ts'

/** Which dialog about an alert is open. */
export type Opened = { dialog: 'acknowledge' | 'resolve'; alert: Alert } | { dialog: 'history'; id: string }

/** Acknowledges or closes an alert with a note, and shows its history, one dialog at a time. */
export function AlertDialogs(props: { opened: Opened | null; onClose: () => void }) {
  const about = (dialog: 'acknowledge' | 'resolve') =>
    props.opened?.dialog === dialog && 'alert' in props.opened ? props.opened.alert : undefined
  return (
    <Switch>
      <Match when={about('acknowledge')} keyed>
        {(alert) => <Noted of={alert} what="acknowledge" onClose={props.onClose} />}
      </Match>
      <Match when={about('resolve')} keyed>
        {(alert) => <Noted of={alert} what="resolve" onClose={props.onClose} />}
      </Match>
      <Match when={props.opened?.dialog === 'history' && props.opened.id} keyed>
        {(id) => <History id={id} onClose={props.onClose} />}
      </Match>
    </Switch>
  )
}

const WORDS = {
  acknowledge: {
    title: 'Acknowledge this alert?',
    submit: 'Acknowledge',
    about: 'It is not told again while it fires. That it is over is told.',
    done: 'Acknowledged.',
  },
  resolve: {
    title: 'Close this alert?',
    submit: 'Close alert',
    about: 'It comes back only after its condition has ended and begun again.',
    done: 'Closed.',
  },
} as const

function Noted(props: { of: Alert; what: 'acknowledge' | 'resolve'; onClose: () => void }) {
  const words = WORDS[props.what]
  const form = createForm({
    fields: ['note'],
    schema: () => import('../../../worker/alerts/alert-input.ts').then(({ AlertNoted }) => AlertNoted),
    read: (fields) => ({ id: props.of.id, note: String(fields.get('note') ?? '').trim() }),
    send: (asked) => api.alerts[props.what].mutate(asked),
    onDone: () => {
      props.onClose()
      sayResult(words.done)
    },
    onSettled: useSettled(),
  })
  return (
    <FormDialog title={words.title} submit={words.submit} form={form} onClose={props.onClose}>
      <p>
        <b>{props.of.title}</b>
      </p>
      <p class="note">{words.about}</p>
      <TextField
        label="Note"
        name="note"
        maxlength={500}
        autocomplete="off"
        hint="For the history; it may stay empty."
        problem={form.problem('note')}
      />
    </FormDialog>
  )
}

function History(props: { id: string; onClose: () => void }) {
  const alert = useQuery(() => ({
    queryKey: ['alerts.get', props.id],
    queryFn: () => api.alerts.get.query({ id: props.id }),
  }))
  return (
    <Dialog title="History of an alert" onClose={props.onClose}>
      <Panel
        title={(alert.isPending ? undefined : alert.data?.title) ?? 'Alert'}
        query={alert}
        minHeight={180}
        isEmpty={() => false}
        empty=""
      >
        {(data) => (
          <>
            <p>
              <span class={`badge ${STATUS_WORDS[data().status][1]}`}>{STATUS_WORDS[data().status][0]}</span>{' '}
              {data().ruleName}
              {data().teamName ? ` · ${data().teamName}` : ''}
            </p>
            <Show when={data().text}>
              <p>{data().text}</p>
            </Show>
            <ol class="alert-events">
              <For each={data().events}>
                {({ event, happenedAt, by, note }) => (
                  <li>
                    <p>
                      <b>{EVENT_WORDS[event]}</b> <time datetime={happenedAt}>{formatInstant(happenedAt)}</time>{' '}
                      <span class="note">by {by}</span>
                    </p>
                    <Show when={note}>
                      <p>{note}</p>
                    </Show>
                  </li>
                )}
              </For>
            </ol>
          </>
        )}
      </Panel>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          Done
        </button>
      </div>
    </Dialog>
  )
}
