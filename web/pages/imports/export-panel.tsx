import { createSignal, For, Show } from 'solid-js'
import { addDays, dayOf, type EpochMs } from '../../../db/units/time.ts'
import { DownloadButton } from '../../components/download-button.tsx'
import { TextField } from '../../components/text-field.tsx'

const FILES = [
  {
    name: 'focus',
    title: 'Allocated costs',
    words: 'FOCUS: a row per owner and pool-day, with how it was allocated',
    isCompany: true,
  },
  { name: 'costs', title: 'Cost entries', words: 'Every entry of the bills, with tags', isCompany: true },
  { name: 'jobs', title: 'Jobs', words: 'Every job, as it can be imported again', isCompany: false },
] as const

/** The ledger as files, of chosen days. Imported into an empty Heliox they come back as they were. */
export function ExportPanel(props: { seesWholeCompany: boolean }) {
  const today = dayOf(Date.now() as EpochMs)
  const [start, setStart] = createSignal<string>(addDays(today, -30))
  const [end, setEnd] = createSignal<string>(today)
  const files = () => FILES.filter(({ isCompany }) => props.seesWholeCompany || !isCompany)
  const isOrdered = () => start() !== '' && end() !== '' && start() <= end()
  const pathOf = (name: string) => `/api/v1/exports/${name}.csv?start=${start()}&end=${end()}`
  return (
    <section class="panel" aria-labelledby="exports-title">
      <header class="panel-head">
        <h2 id="exports-title">Export</h2>
      </header>
      <div class="form usage-form">
        <div class="field-row">
          <TextField
            label="First day"
            name="export-start"
            type="date"
            value={start()}
            onInput={(event) => setStart(event.currentTarget.value)}
          />
          <TextField
            label="Last day"
            name="export-end"
            type="date"
            value={end()}
            onInput={(event) => setEnd(event.currentTarget.value)}
          />
        </div>
        <Show when={isOrdered()} fallback={<p class="note">Choose two days, the first one first.</p>}>
          <ul class="export-list">
            <For each={files()}>
              {({ name, title, words }) => (
                <li>
                  <span>
                    <strong>{title}</strong> <span class="note">{words}</span>
                  </span>
                  <DownloadButton
                    path={pathOf(name)}
                    fileName={`heliox-${name}-${start()}-${end()}.csv`}
                    label={`Download ${title.toLowerCase()} as CSV`}
                  />
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </section>
  )
}
