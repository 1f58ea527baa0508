import { Index, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatInstant } from '../../format/day.ts'
import type { Opened } from './deployment-dialogs.tsx'

export type Deployment = Answers['deployments']['list']['deployments'][number]

const STATES = { planned: 'Planned', serving: 'Serving', ended: 'Ended' } as const

/** Which model is served where, with what can be done about it. */
export function DeploymentTable(props: {
  rows: readonly Deployment[]
  mayWrite: boolean
  onOpen: (opened: Opened) => void
}) {
  const act = (dialog: 'end' | 'remove', row: Deployment, label: string) => (
    <button
      type="button"
      class="button is-quiet"
      aria-label={`${label} ${row.model} from ${formatInstant(row.startsAt)}`}
      onClick={() => props.onOpen({ dialog, deployment: row })}
    >
      {label}
    </button>
  )
  return (
    <section class="table-scroll" tabindex="0" aria-label="Deployments">
      <table class="is-cards">
        <caption class="visually-hidden">Deployments, the newest start first</caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col">GPUs</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <Show when={props.mayWrite}>
              <th scope="col">
                <span class="visually-hidden">What to do</span>
              </th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <Index each={props.rows}>
            {(row) => (
              <tr>
                <th scope="row">{row().model}</th>
                <td data-label="State">{STATES[row().state]}</td>
                <td data-label="GPUs">
                  {row().gpuCount} × {row().gpuType}, {row().provider}
                </td>
                <td data-label="From" class="nowrap">
                  {formatInstant(row().startsAt)}
                </td>
                <td data-label="To" class="nowrap">
                  {row().endsAt === null ? 'open' : formatInstant(row().endsAt ?? '')}
                </td>
                <Show when={props.mayWrite}>
                  <td class="row-actions">
                    <Show when={row().state !== 'ended'}>{act('end', row(), 'End')}</Show>
                    {act('remove', row(), 'Remove')}
                  </td>
                </Show>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </section>
  )
}
