import { For } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatUsd } from '../../format/usd.ts'
import type { Status } from './words.ts'

type Totals = Answers['analytics']['recommendations']['totals']

const STEPS = [
  ['open', 'Open', 'open'],
  ['accepted', 'Accepted', 'accepted'],
  ['done', 'Done', 'done'],
  ['verified', 'Verified', 'done'],
  ['dismissed', 'Dismissed', 'dismissed'],
] as const satisfies readonly (readonly [keyof Totals, string, Status])[]

const NOTES: Record<(typeof STEPS)[number][0], string> = {
  open: 'could be saved a month',
  accepted: 'is being worked on',
  done: 'was promised a month',
  verified: 'a month, says the ledger',
  dismissed: 'was let go',
}

/** The steps of advice with their dollars a month; open and accepted hold no dollar twice. A step is a filter. */
export function Pipeline(props: {
  totals: Totals | undefined
  picked: Status | 'all'
  onPick: (next: Status | 'all') => void
}) {
  return (
    <section class="pipeline" aria-label="Savings by step">
      <For each={STEPS}>
        {([step, name, status]) => (
          <button
            type="button"
            class="pipeline-step"
            aria-pressed={props.picked === step}
            onClick={() => props.onPick(props.picked === status ? 'all' : status)}
          >
            <span class="pipeline-name">
              {name} <span class="muted">{props.totals?.[step].count ?? ''}</span>
            </span>
            <b class="pipeline-figure">{props.totals ? formatUsd(props.totals[step].savingUsd) : '…'}</b>
            <span class="note">{NOTES[step]}</span>
          </button>
        )}
      </For>
    </section>
  )
}
