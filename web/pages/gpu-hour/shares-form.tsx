import { For } from 'solid-js'
import type { Shares } from './method-picker.tsx'

/** The three shares; the server says what is wrong with them. */
export function SharesForm(props: { shares: Shares; onPick: (shares: Shares) => void }) {
  const send = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const share = (name: string) => String(form.get(name) ?? '').trim()
    props.onPick({ gpu: share('gpu') || '0', cpu: share('cpu') || '0', memory: share('memory') || '0' })
  }
  return (
    <form class="method-shares" onSubmit={send}>
      <For each={['gpu', 'cpu', 'memory'] as const}>
        {(part) => (
          <label>
            {NAMES[part]}
            <input name={part} inputmode="decimal" autocomplete="off" value={props.shares[part]} />
          </label>
        )}
      </For>
      <button type="submit" class="button">
        Apply
      </button>
    </form>
  )
}

const NAMES = { gpu: 'GPU share', cpu: 'CPU share', memory: 'Memory share' } as const
