import { type Accessor, createSignal, Show } from 'solid-js'
import { failureOf } from '../api.ts'
import { type Action, ActionMenu } from '../components/action-menu.tsx'
import { Icon } from '../components/icon.tsx'
import { saveCsv } from '../save-csv.ts'
import type { Drawing } from './drawing.ts'

/** The figures as the server writes them, to the digit. `fileName` is also that of the images, with their own ending. */
export type CsvExport = { readonly path: string; readonly fileName: string }

/** One menu that saves a chart: as an image, as a drawing, or its figures. */
export function ExportMenu(props: {
  title: string
  about: string
  csv: CsvExport
  disabled: boolean
  drawing: Accessor<Drawing | undefined>
}) {
  const [problem, setProblem] = createSignal('')
  const [isBusy, setBusy] = createSignal(false)
  const run = async (save: () => Promise<void>, words: (error: unknown) => string) => {
    setProblem('')
    setBusy(true)
    await save().catch((error: unknown) => setProblem(words(error)))
    setBusy(false)
  }
  const saveAs = (format: 'png' | 'svg') =>
    run(
      async () => {
        const drawing = props.drawing()
        if (!drawing) throw new Error('Nothing is drawn')
        const { saveDrawing } = await import('./save-drawing.ts')
        const fileName = props.csv.fileName.replace(/\.csv$/, '')
        await saveDrawing(drawing, { title: props.title, about: props.about }, fileName, format)
      },
      () => 'The image could not be made. The CSV has the figures.',
    )
  const csv = () =>
    run(
      () => saveCsv(props.csv.path, props.csv.fileName),
      (error) => failureOf(error).message,
    )
  const name = () => props.title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
  const actions = (): Action[] => [
    { words: 'PNG', hint: 'image', run: () => void saveAs('png') },
    { words: 'SVG', hint: 'drawing', run: () => void saveAs('svg') },
    { words: 'CSV', hint: 'figures', run: () => void csv() },
  ]
  const button = (
    <>
      <Icon name="download" />
      Export
    </>
  )
  return (
    <div class="export" aria-busy={isBusy()}>
      <Show
        when={!props.disabled}
        fallback={
          <span class="button is-quiet export-to-come" aria-hidden="true">
            {button}
          </span>
        }
      >
        <ActionMenu button={button} label={`Export ${name()}`} class="button is-quiet" actions={actions()} />
      </Show>
      <Show when={problem()}>
        <span class="field-problem" role="alert">
          {problem()}
        </span>
      </Show>
    </div>
  )
}
