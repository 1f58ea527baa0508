import { For } from 'solid-js'
import type { Form } from '../forms/create-form.ts'
import { TextField } from './text-field.tsx'

/** What of a node is its GPUs', its CPUs' and its memory's: decimals as text that sum to 1. */
export type Shares = { gpu: string; cpu: string; memory: string }

export const FIRST_SHARES: Shares = { gpu: '0.8', cpu: '0.15', memory: '0.05' }

const PARTS = { gpu: 'GPU share', cpu: 'CPU share', memory: 'Memory share' } as const
const NAMES = Object.keys(PARTS) as (keyof Shares)[]

/** The three fields of shares. `at`: where the shares are in the question, under the server's names. */
export function ShareFields(props: { shares: Shares; at: string; problem: Form['problem'] }) {
  const problemOf = (name: keyof Shares) => props.problem(`${props.at} -> ${name}`)
  return (
    <>
      <div class="share-fields">
        <For each={NAMES}>
          {(name) => (
            <TextField
              label={PARTS[name]}
              name={name}
              inputmode="decimal"
              autocomplete="off"
              value={props.shares[name]}
              problem={problemOf(name)}
            />
          )}
        </For>
      </div>
      <p class="field-problem" role="alert">
        {NAMES.some(problemOf) ? undefined : props.problem(props.at)}
      </p>
    </>
  )
}

/** What stands in the three fields; an empty one is none of the node. */
export function sharesIn(fields: FormData): Shares {
  const share = (name: keyof Shares) => String(fields.get(name) ?? '').trim() || '0'
  return { gpu: share('gpu'), cpu: share('cpu'), memory: share('memory') }
}
