import { createSignal, Show } from 'solid-js'
import { failureOf } from '../api.ts'
import { saveCsv } from '../save-csv.ts'
import { Icon } from './icon.tsx'

/** Saves a REST answer as a CSV file: the same figures as on screen, to the digit. */
export function DownloadButton(props: { path: string; fileName: string; label: string; text?: string }) {
  const [problem, setProblem] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const save = async () => {
    setBusy(true)
    setProblem('')
    await saveCsv(props.path, props.fileName).catch((error: unknown) => setProblem(failureOf(error).message))
    setBusy(false)
  }
  return (
    <>
      <button type="button" class="button is-quiet" disabled={busy()} aria-label={props.label} onClick={save}>
        <Icon name="download" />
        {props.text ?? 'CSV'}
      </button>
      <Show when={problem()}>
        <span class="field-problem" role="alert">
          {problem()}
        </span>
      </Show>
    </>
  )
}
