import { For, Show } from 'solid-js'
import { formatUsd } from '../../format/usd.ts'
import type { Advice } from '../recommendations.page.tsx'
import { CONFIDENCE_WORDS, EFFORT_WORDS, STATUS_WORDS } from './words.ts'

/** Advice, the greatest saving first. Arrow keys go from one to the next; Enter opens it. */
export function AdviceList(props: { rows: readonly Advice[]; picked: string | null; onPick: (key: string) => void }) {
  const move = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key]
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll('button')]
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    if (by === undefined || at === -1) return
    event.preventDefault()
    all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus()
  }
  return (
    <ul class="advice-list" onKeyDown={move}>
      <For each={props.rows}>
        {(one) => (
          <li>
            <button
              type="button"
              class="advice-row"
              aria-expanded={props.picked === one.key}
              onClick={() => props.onPick(one.key)}
            >
              <span class="advice-title">
                <strong>{one.title}</strong>
                <span class="note">
                  {one.kindName} · {one.teamName ?? 'Whole company'} · {CONFIDENCE_WORDS[one.confidence]} ·{' '}
                  {EFFORT_WORDS[one.effort]}
                </span>
              </span>
              <span class="advice-marks">
                <span class={`badge ${STATUS_WORDS[one.status][1]}`}>{STATUS_WORDS[one.status][0]}</span>
                <Show when={one.cameBack}>
                  <span class="badge is-warning">Has doubled</span>
                </Show>
              </span>
              <span class="advice-saving">
                <b>{formatUsd(one.savingUsd)}</b>
                <span class="note">
                  <Show when={one.verified} fallback="a month">
                    {(verified) => <>{formatUsd(verified().savingUsd)} verified</>}
                  </Show>
                </span>
              </span>
            </button>
          </li>
        )}
      </For>
    </ul>
  )
}
