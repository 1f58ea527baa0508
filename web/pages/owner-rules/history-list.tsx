import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatCountOf } from '../../format/count.ts'
import { formatInstant } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import { MovedList } from './moved-list.tsx'
import { conditionOf, ownerWords } from './rule-words.ts'

type RuleSet = Answers['ownerRules']['history']['sets'][number]

/** The rules as they were applied, the last first; each opens to its rules and what moved. */
export function HistoryList(props: { sets: readonly RuleSet[] }) {
  return (
    <ul class="applied-sets">
      <For each={props.sets}>
        {(set) => (
          <li>
            <details>
              <summary>
                <span>
                  {formatInstant(set.appliedAt)}, {set.appliedBy}
                </span>
                <span class="note">
                  {formatCountOf(set.ruleCount, 'rule')} · moved {formatCountOf(set.moved.entryCount, 'charge')} of{' '}
                  {formatUsd(set.moved.chargeUsd)} and {formatCountOf(set.moved.jobCount, 'job')}
                </span>
                <Show when={set.isInForce}>
                  <span class="badge is-good">In force</span>
                </Show>
                <Show when={!set.isDone}>
                  <span class="badge is-warning">Going through history</span>
                </Show>
                <Show when={set.isReplaced}>
                  <span class="badge">Replaced before it was through</span>
                </Show>
              </summary>
              <h3>Rules</h3>
              <ol class="moved">
                <For
                  each={set.rules}
                  fallback={<li>None: charges and jobs went back to where their files put them.</li>}
                >
                  {(rule) => (
                    <li>
                      {conditionOf(rule)} → {ownerWords(rule.owner)}
                    </li>
                  )}
                </For>
              </ol>
              <h3>Moved</h3>
              <MovedList of={set.moved} />
            </details>
          </li>
        )}
      </For>
    </ul>
  )
}
