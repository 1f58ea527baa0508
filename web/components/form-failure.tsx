import { Match, Switch } from 'solid-js'
import { statusOf } from '../api.ts'
import { isSessionOver } from '../forms/held-input.ts'
import { ChangedNote } from './changed-note.tsx'
import { FailureNote } from './failure-note.tsx'

/** Why a form was not taken, below its fields: somebody else was faster, the session is over, or in the server's words. */
export function FormFailure(props: { error: unknown; title?: string; onReload?: (() => void) | undefined }) {
  return (
    <Switch>
      <Match when={isSessionOver()}>
        <div class="failure" role="alert">
          <p class="failure-title">You are signed out</p>
          <p>Nothing was sent, and what you typed stays here. Sign in again, come back to this tab, and send it.</p>
          <a class="button" href="/sign-in" target="_blank" rel="noopener">
            Sign in in a new tab
          </a>
        </div>
      </Match>
      <Match when={statusOf(props.error) === 401}>
        <p class="note" role="status">
          You are signed in again: send it now.
        </p>
      </Match>
      <Match when={statusOf(props.error) === 412 && props.onReload}>
        {(reload) => (
          <ChangedNote onReload={reload()}>
            It is not as it was when you opened this, so nothing is saved. Reload to see what is there now; what you
            typed here goes.
          </ChangedNote>
        )}
      </Match>
      <Match when={props.error}>
        <FailureNote title={props.title ?? 'That did not work'} error={props.error} />
      </Match>
    </Switch>
  )
}
