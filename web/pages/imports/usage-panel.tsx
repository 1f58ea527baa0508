import { A } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { FromJobs } from '../usage/from-jobs.tsx'

/** Where nothing measures the GPUs, usage can be derived from the time that jobs held them. For administrators. */
export function UsagePanel() {
  const [isOpen, open] = createSignal(false)
  return (
    <section class="panel" aria-labelledby="usage-title">
      <header class="panel-head">
        <h2 id="usage-title">Usage</h2>
        <div class="panel-actions">
          <button type="button" class="button" onClick={() => open(true)}>
            Take it from jobs
          </button>
        </div>
      </header>
      <p class="note">
        Measured GPU-hours come in as a usage-csv file. Where nothing measures, derive them from the time that jobs held
        their GPUs. What is there, and a row by hand, is on{' '}
        <A class="link" href="/usage">
          Measured usage
        </A>
        .
      </p>
      <Show when={isOpen()}>
        <FromJobs onClose={() => open(false)} />
      </Show>
    </section>
  )
}
