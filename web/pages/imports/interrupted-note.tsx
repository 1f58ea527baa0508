import { Match, Switch } from 'solid-js'
import { CopyField } from '../../components/copy-field.tsx'
import type { ImportView } from './history-table.tsx'

/** What happens to an import that stands still, and what to do about it; nothing for all others. */
export function InterruptedNote(props: { one: ImportView }) {
  const command = () =>
    `curl -H 'Authorization: Bearer YOUR_KEY' --data-binary @${props.one.fileName || 'FILE'} '${location.origin}/api/v1/imports?resume=${props.one.importId}'`
  return (
    <Switch>
      <Match when={props.one.status === 'queued'}>
        <p class="note">It waits for its turn and is read by itself: there is nothing to do.</p>
      </Match>
      <Match when={props.one.status === 'interrupted' && props.one.message.includes('resume=')}>
        <p class="note">
          Send the same file again: nothing counts twice. By this command it goes on where it broke off.
        </p>
        <CopyField label="Go on from a terminal" text={command()} copy="Copy the command" class="is-command" />
      </Match>
      <Match when={props.one.status === 'interrupted'}>
        <p class="note">All of it has arrived: it goes on by itself, there is nothing to do.</p>
      </Match>
    </Switch>
  )
}
