import { useMutation } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { RowButton, RowButtons } from '../../components/row-buttons.tsx'
import { formatInstant } from '../../format/day.ts'
import { useSettled } from './queries.ts'
import type { OpenedRule } from './rule-dialogs.tsx'
import { type Kind, minutesInWords, type Rule, SEVERITY_WORDS } from './words.ts'

/** Every rule in a row: what it watches, whose it is, when and where it tells, and whether it knows. */
export function RuleTable(props: {
  rules: readonly Rule[]
  kinds: readonly Kind[]
  mayWrite: boolean
  onOpen: (opened: OpenedRule) => void
}) {
  const settle = useSettled()
  const turn = useMutation(() => ({
    mutationFn: ({ id, version, isEnabled }: Rule) =>
      api.alerts.updateRule.mutate({ id, version, isEnabled: !isEnabled }),
    onSettled: settle,
  }))
  const titleOf = (kind: string) => props.kinds.find((one) => one.kind === kind)?.title ?? kind
  return (
    <>
      <Show when={turn.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <section class="table-scroll" tabindex="0" aria-label="Alert rules">
        <table class="is-cards alert-rules">
          <caption class="visually-hidden">Alert rules, the company’s first</caption>
          <thead>
            <tr>
              <For each={['Rule', 'Tells', 'Channels', 'State']}>{(title) => <th scope="col">{title}</th>}</For>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.rules}>
              {(rule) => (
                <tr>
                  <th scope="row">
                    {rule().name}
                    <span class="note">
                      {titleOf(rule().kind)} · {rule().teamName ?? 'Whole company'}
                    </span>
                  </th>
                  <td data-label="Tells">
                    <div>
                      <span class={`badge ${SEVERITY_WORDS[rule().severity][1]}`}>
                        {SEVERITY_WORDS[rule().severity][0]}
                      </span>
                      <p class="note">
                        {rule().forMinutes === 0 ? 'at once' : `after ${minutesInWords(rule().forMinutes)}`},{' '}
                        {rule().repeatMinutes === 0
                          ? 'not repeated'
                          : `again each ${minutesInWords(rule().repeatMinutes)}`}
                      </p>
                    </div>
                  </td>
                  <td data-label="Channels">
                    <Show when={rule().channels.length > 0} fallback={<span class="muted">This page only</span>}>
                      {rule()
                        .channels.map(({ name }) => name)
                        .join(', ')}
                    </Show>
                  </td>
                  <td data-label="State">
                    <RuleState of={rule()} />
                  </td>
                  <RowButtons
                    of={rule().name}
                    mayWrite={props.mayWrite}
                    onOpen={(dialog) => props.onOpen({ dialog, rule: rule() })}
                  >
                    <Show when={props.mayWrite}>
                      <RowButton
                        name="Try"
                        of={rule().name}
                        onClick={() => props.onOpen({ dialog: 'try', rule: rule() })}
                      />
                      <RowButton
                        name={rule().isEnabled ? 'Pause' : 'Resume'}
                        of={rule().name}
                        isBusy={turn.isPending}
                        onClick={() => turn.mutate(rule())}
                      />
                    </Show>
                  </RowButtons>
                </tr>
              )}
            </Index>
          </tbody>
        </table>
      </section>
    </>
  )
}

function RuleState(props: { of: Rule }) {
  const state = () => {
    if (!props.of.isEnabled) return ['Paused', ''] as const
    if (props.of.lastError) return ['Does not know', 'is-warning'] as const
    if (props.of.firingCount > 0) return [`${props.of.firingCount} firing`, 'is-bad'] as const
    return props.of.lastLookedAt ? (['Quiet', 'is-good'] as const) : (['Not looked at yet', ''] as const)
  }
  return (
    <div>
      <span class={`badge ${state()[1]}`}>{state()[0]}</span>
      <Show when={props.of.isEnabled && props.of.lastError}>
        <p class="note rule-error">{props.of.lastError}</p>
      </Show>
      <Show when={props.of.lastLookedAt}>
        {(at) => (
          <p class="note">
            Looked at <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        )}
      </Show>
    </div>
  )
}
