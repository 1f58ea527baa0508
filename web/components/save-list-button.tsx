import { createSignal, Show } from 'solid-js'
import { failureOf } from '../api.ts'
import { everyRow, fieldsAsCsv, type RowPage } from '../every-row.ts'
import { formatCount } from '../format/count.ts'
import { saveFile } from '../save-file.ts'
import { Icon } from './icon.tsx'

/** Saves all rows of a list as CSV, however many pages it has, and tells how far it is. */
export function SaveListButton<Row extends object>(props: {
  ask: (skip: number, limit: number) => Promise<RowPage<Row>>
  fileName: string
  label: string
}) {
  const [progress, setProgress] = createSignal<string | null>(null)
  const [problem, setProblem] = createSignal('')
  const save = async () => {
    setProgress('…')
    setProblem('')
    try {
      const rows = await everyRow(props.ask, (count, total) =>
        setProgress(`${formatCount(count)} of ${formatCount(total)}`),
      )
      saveFile(new Blob([fieldsAsCsv(rows)], { type: 'text/csv;charset=utf-8' }), props.fileName)
    } catch (error) {
      setProblem(failureOf(error).message)
    }
    setProgress(null)
  }
  return (
    <>
      <button
        type="button"
        class="button is-quiet"
        disabled={progress() !== null}
        aria-label={props.label}
        onClick={save}
      >
        <Icon name="download" />
        {progress() ?? 'CSV'}
      </button>
      <Show when={problem()}>
        <span class="field-problem" role="alert">
          {problem()}
        </span>
      </Show>
    </>
  )
}
