import { createSignal, For, Show } from 'solid-js'
import { DropZone } from '../../components/drop-zone.tsx'
import { TextField } from '../../components/text-field.tsx'
import { useUploads } from '../../uploads/uploads.tsx'
import { useFormats } from './formats.ts'

type Kind = 'costs' | 'jobs' | 'usage' | 'tokens'

/** What may be said beside a file, for what it leaves open. */
const MORE = [
  {
    name: 'timeZone',
    label: 'Time zone',
    placeholder: 'e.g. Europe/Berlin',
    maxLength: 60,
    hint: 'Of times without one, as sacct writes them. UTC unless said.',
  },
  {
    name: 'provider',
    label: 'Provider',
    placeholder: 'e.g. aws',
    maxLength: 100,
    hint: 'Whose bill pays for the jobs of a scheduler.',
  },
  {
    name: 'currency',
    label: 'Currency',
    placeholder: 'e.g. USD',
    maxLength: 3,
    hint: 'Of a bill that has no such column.',
  },
  {
    name: 'part',
    label: 'Part',
    placeholder: 'e.g. 1',
    maxLength: 100,
    hint: 'Which file of an export that comes in several: each part replaces itself.',
  },
] as const

/**
 * How to read the files, then the files: what is dropped starts at once, one after the other. `jobsOnly`: for who sees
 * some teams only, and so sends no bills.
 */
export function UploadForm(props: { jobsOnly: boolean }) {
  const uploads = useUploads()
  const known = useFormats()
  const [format, setFormat] = createSignal('auto')
  const [source, setSource] = createSignal('')
  const [isDryRun, setDryRun] = createSignal(false)
  const [more, setMore] = createSignal({ part: '', provider: '', currency: '', timeZone: '' })
  const accept = () => known().find(({ id }) => id === format())?.accept ?? ''
  const ofKind = (kind: Kind) => known().filter((one) => one.kind === kind)
  const options = (kind: Kind) => (
    <For each={ofKind(kind)}>{({ id, label }) => <option value={id}>{label}</option>}</For>
  )

  return (
    <section class="panel upload" aria-label="Import files">
      <DropZone
        accept={accept()}
        what={props.jobsOnly ? 'Job exports and logs of tokens' : 'Bills, job exports and logs of tokens'}
        onFiles={(files) => uploads.add(files, { format: format(), source: source(), isDryRun: isDryRun(), ...more() })}
      />
      <div class="upload-options">
        <label>
          Format
          <select value={format()} onChange={(event) => setFormat(event.currentTarget.value)}>
            <option value="auto">Detect the format</option>
            <Show when={!props.jobsOnly}>
              <optgroup label="Bills">{options('costs')}</optgroup>
              <optgroup label="Measured usage">{options('usage')}</optgroup>
            </Show>
            <optgroup label="Jobs">{options('jobs')}</optgroup>
            <optgroup label="Token usage">{options('tokens')}</optgroup>
          </select>
        </label>
        <label>
          Source
          <input
            value={source()}
            placeholder="e.g. aws-prod"
            aria-describedby="source-help"
            onInput={(event) => setSource(event.currentTarget.value)}
          />
        </label>
        <p class="note" id="source-help">
          Optional. A corrected file replaces what the same source sent before; job ids are unique within a source.
          <Show when={props.jobsOnly}> Rows of other teams are quarantined. Bills are imported by administrators.</Show>
        </p>
        <details class="upload-more">
          <summary>How to read what the file leaves open</summary>
          <For each={MORE}>
            {({ name, label, hint, ...input }) => (
              <TextField
                {...input}
                label={label}
                name={name}
                hint={hint}
                value={more()[name]}
                onInput={(event) => setMore({ ...more(), [name]: event.currentTarget.value })}
              />
            )}
          </For>
        </details>
        <label class="check">
          <input type="checkbox" checked={isDryRun()} onChange={(event) => setDryRun(event.currentTarget.checked)} />
          Dry run: check the file, change nothing
        </label>
      </div>
    </section>
  )
}
