import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { addDays, dayOf, type EpochMs, parseDay } from '../../../db/units/time.ts'
import { type Answers, api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { TextField } from '../../components/text-field.tsx'
import { formatCount, formatCountOf, formatHours } from '../../format/count.ts'

type Derived = Answers['usage']['fromJobs']

/** Where nothing measures the GPUs, usage can be derived from the time that jobs held them. For administrators. */
export function UsagePanel() {
  const today = dayOf(Date.now() as EpochMs)
  const [start, setStart] = createSignal<string>(addDays(today, -13))
  const [end, setEnd] = createSignal<string>(today)
  const [overwrite, setOverwrite] = createSignal(false)
  const [problem, setProblem] = createSignal<string>()
  const queries = useQueryClient()
  const derive = useMutation(() => ({
    mutationFn: (asked: { start: string; end: string; overwrite: boolean }) => api.usage.fromJobs.mutate(asked),
    onSuccess: () => queries.invalidateQueries(),
  }))
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const [from, to] = [parseDay(start()), parseDay(end())]
    if (!from || !to) return setProblem('Enter both days.')
    if (from > to) return setProblem('The first day is after the last.')
    setProblem(undefined)
    derive.mutate({ start: from, end: to, overwrite: overwrite() })
  }
  return (
    <section class="panel" aria-labelledby="usage-title">
      <header class="panel-head">
        <h2 id="usage-title">Usage</h2>
      </header>
      <p class="note">
        Measured GPU-hours come in as a usage-csv file. Where nothing measures, derive them from the time that jobs held
        their GPUs: one row per UTC day and pool.
      </p>
      <form class="form usage-form" onSubmit={send} novalidate>
        <div class="field-row">
          <TextField
            label="First day"
            name="usage-start"
            type="date"
            value={start()}
            problem={problem()}
            onInput={(event) => setStart(event.currentTarget.value)}
          />
          <TextField
            label="Last day"
            name="usage-end"
            type="date"
            value={end()}
            onInput={(event) => setEnd(event.currentTarget.value)}
          />
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={overwrite()}
            onChange={(event) => setOverwrite(event.currentTarget.checked)}
          />
          Replace measured rows of these days too
        </label>
        <div>
          <button type="submit" class="button" disabled={derive.isPending}>
            {derive.isPending ? 'Deriving…' : 'Derive usage from jobs'}
          </button>
        </div>
      </form>
      <div role="status">
        <Show when={derive.isSuccess && derive.data}>{(done) => <p>{wordsOf(done())}</p>}</Show>
      </div>
      <Show when={derive.isError}>
        <FailureNote title="Could not derive usage" error={derive.error} />
      </Show>
    </section>
  )
}

function wordsOf({ inserted, updated, unchanged, removed, kept, gpuHours }: Derived): string {
  if (inserted + updated + unchanged + kept + removed === 0) return 'No job held a GPU in these days.'
  const rows = [
    `${formatCount(inserted)} new`,
    `${formatCount(updated)} changed`,
    `${formatCount(unchanged)} unchanged`,
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ]
  const left = kept > 0 ? ` ${formatCountOf(kept, 'measured row')} left as measured.` : ''
  return `${formatHours(gpuHours)} GPU-hours of jobs: ${rows.join(', ')}.${left}`
}
