import { createSignal } from 'solid-js'
import { Icon } from './icon.tsx'

/** Takes files by drop or by a button, one or several. */
export function DropZone(props: { accept: string; what: string; onFiles: (files: File[]) => void }) {
  const [over, setOver] = createSignal(false)
  let input!: HTMLInputElement
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length > 0) props.onFiles(files)
  }
  const take = () => {
    if (input.files?.length) props.onFiles([...input.files])
    // The same file must be choosable again, corrected.
    input.value = ''
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's shortcut for the button inside
    <div
      class="drop"
      classList={{ 'is-over': over() }}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="upload" />
      <p>
        <b>Drop files here</b> or
      </p>
      <button type="button" class="button is-primary" onClick={() => input.click()}>
        Choose files
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={props.accept}
        aria-label="Files to import"
        onChange={take}
      />
      <p class="note">{props.what} as CSV, JSON, Parquet or sacct output, plain or gzip.</p>
    </div>
  )
}
