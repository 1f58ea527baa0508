import { useMutation, useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { Panel } from '../../components/panel.tsx'
import { sayResult } from '../../components/results.ts'
import { RowButton } from '../../components/row-buttons.tsx'
import { formatInstant } from '../../format/day.ts'
import { useSettled } from './queries.ts'
import type { Silence } from './words.ts'

/** Silences that are on or to come; nothing where there are none. */
export function SilenceList(props: { mayWrite: boolean }) {
  const settle = useSettled()
  const silences = useQuery(() => ({
    queryKey: ['alerts.silences'],
    queryFn: () => api.alerts.silences.query({ limit: 100 }),
  }))
  const end = useMutation(() => ({
    mutationFn: ({ id }: Silence) => api.alerts.unsilence.mutate({ id }),
    onSuccess: () => sayResult('The silence is ended.'),
    onSettled: settle,
  }))
  const isShown = () => silences.isError || (!silences.isPending && (silences.data?.total ?? 0) > 0)
  const nameOf = ({ ruleName, teamName, groupKey }: Silence) =>
    [ruleName ?? 'Every rule', teamName, groupKey ? 'one alert' : ''].filter(Boolean).join(' · ')
  return (
    <Show when={isShown()}>
      <Panel title="Silences" query={silences} minHeight={80} isEmpty={() => false} empty="">
        {(data) => (
          <>
            <Show when={end.error}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
            <ul class="silences">
              <For each={data().silences}>
                {(silence) => (
                  <li>
                    <span>
                      {nameOf(silence)}
                      <span class="note">
                        {' '}
                        until <time datetime={silence.endsAt}>{formatInstant(silence.endsAt)}</time>, by {silence.by}
                        {silence.reason ? `: ${silence.reason}` : ''}
                      </span>
                    </span>
                    <Show when={props.mayWrite}>
                      <RowButton
                        name="End it"
                        of={`the silence of ${nameOf(silence)}`}
                        isBusy={end.isPending}
                        onClick={() => end.mutate(silence)}
                      />
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Panel>
    </Show>
  )
}
