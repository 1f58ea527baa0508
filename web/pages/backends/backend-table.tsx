import { useMutation } from '@tanstack/solid-query'
import { For, Index, Show } from 'solid-js'
import { api } from '../../api.ts'
import { FailureNote } from '../../components/failure-note.tsx'
import { sayResult } from '../../components/results.ts'
import { RowButton, RowButtons } from '../../components/row-buttons.tsx'
import { formatInstant } from '../../format/day.ts'
import { type Opened, useSettled } from './backend-dialogs.tsx'
import { type Backend, labelOf } from './backend-form.ts'

/** Every backend in a row: what it serves, how it is, and how quick. Rows go by place, so buttons keep the focus. */
export function BackendTable(props: {
  backends: readonly Backend[]
  mayWrite: boolean
  onOpen: (dialog: Opened) => void
}) {
  const settle = useSettled()
  const attempt = useMutation(() => ({
    mutationFn: ({ id }: Backend) => api.backends.try.mutate({ id }),
    onSuccess: ({ isFine, message, models }, { name }) =>
      sayResult(isFine ? `${name}: ${message}, with ${models.length} models.` : `${name}: ${message}.`),
    onSettled: settle,
  }))
  const turn = useMutation(() => ({
    mutationFn: ({ id, version, enabled }: Backend) => api.backends.update.mutate({ id, version, enabled: !enabled }),
    onSettled: settle,
  }))
  const isTried = ({ id }: Backend) => attempt.isPending && attempt.variables.id === id
  return (
    <>
      <Show when={attempt.error ?? turn.error}>
        {(error) => <FailureNote title="That did not work" error={error()} />}
      </Show>
      <section class="table-scroll" tabindex="0" aria-label="Backends">
        <table class="backends is-cards">
          <caption class="visually-hidden">Backends by name</caption>
          <thead>
            <tr>
              <For each={['Backend', 'Models', 'Health', 'Calls']}>{(title) => <th scope="col">{title}</th>}</For>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <Index each={props.backends}>
              {(backend) => (
                <tr>
                  <th scope="row">
                    <span class="backend-name">{backend().name}</span>
                    <span class="note backend-place">
                      {labelOf(backend().kind)}
                      {backend().baseUrl ? ` · ${backend().baseUrl}` : ''}
                    </span>
                  </th>
                  <td data-label="Models">
                    <ModelNames of={backend()} />
                  </td>
                  <td data-label="Health">
                    <Health of={backend()} />
                  </td>
                  <td data-label="Calls">
                    <div>
                      <p class="nowrap">
                        {backend().health.latencyMs === null ? 'No latency yet' : `${backend().health.latencyMs} ms`}
                      </p>
                      <p class="note">
                        {backend().health.inFlight}
                        {backend().maxConcurrency === null ? '' : ` of ${backend().maxConcurrency}`} under way
                      </p>
                    </div>
                  </td>
                  <RowButtons
                    of={backend().name}
                    mayWrite={props.mayWrite}
                    onOpen={(dialog) => props.onOpen({ dialog, backend: backend() })}
                  >
                    <Show when={props.mayWrite}>
                      <RowButton
                        name={isTried(backend()) ? 'Trying…' : 'Try it'}
                        of={backend().name}
                        isBusy={attempt.isPending}
                        onClick={() => attempt.mutate(backend())}
                      />
                      <RowButton
                        name={backend().enabled ? 'Disable' : 'Enable'}
                        of={backend().name}
                        isBusy={turn.isPending}
                        onClick={() => turn.mutate(backend())}
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

const SHOWN_MODELS = 4

function ModelNames(props: { of: Backend }) {
  const names = () => props.of.models.map(({ model }) => model)
  return (
    <div class="backend-models">
      <For each={names().slice(0, SHOWN_MODELS)}>{(name) => <code>{name}</code>}</For>
      <Show when={names().length > SHOWN_MODELS}>
        <span class="note">and {names().length - SHOWN_MODELS} more</span>
      </Show>
    </div>
  )
}

function Health(props: { of: Backend }) {
  const health = () => props.of.health
  const words = (): [string, string] => {
    if (!props.of.enabled) return ['Disabled', '']
    if (health().breaker === 'open') return ['Breaker open', 'is-bad']
    if (health().breaker === 'half-open') return ['Tried again', 'is-warning']
    if (health().isWell === null) return health().answeredAt ? ['Answers calls', 'is-good'] : ['Not probed yet', '']
    return health().isWell ? ['Well', 'is-good'] : ['Not well', 'is-bad']
  }
  const until = () => {
    const { breaker, openUntilMs } = health()
    return breaker === 'open' && openUntilMs !== null ? new Date(openUntilMs).toISOString() : null
  }
  const why = () => health().lastError || health().message
  return (
    <div>
      <p class="nowrap">
        <span class={`badge ${words()[1]}`}>{words()[0]}</span>
      </p>
      <Show when={until()}>
        {(at) => (
          <p class="note">
            {health().failures} failures; tried again from <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        )}
      </Show>
      <Show when={why()}>
        <p class="note backend-why">{why()}</p>
      </Show>
      <Show when={health().answeredAt}>
        {(at) => (
          <p class="note">
            Answered a call <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        )}
      </Show>
      <Show when={health().checkedAt} fallback={<p class="note">Probed every five minutes, not yet</p>}>
        {(at) => (
          <p class="note">
            Probed <time datetime={at()}>{formatInstant(at())}</time>
          </p>
        )}
      </Show>
    </div>
  )
}
