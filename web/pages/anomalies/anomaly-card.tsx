import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatFullDay } from '../../format/day.ts'
import { formatUsd } from '../../format/usd.ts'
import { BridgeTable } from './bridge-table.tsx'
import { CourseChart } from './course-chart.tsx'
import { Feedback } from './feedback.tsx'

export type Anomaly = Answers['analytics']['anomalies']['anomalies'][number]

/** One day that stood out. */
export function AnomalyCard(props: { anomaly: Anomaly; mayDecide: boolean }) {
  const id = () => `anomaly-${encodeURIComponent(props.anomaly.key)}`
  const isUp = () => props.anomaly.direction === 'up'
  return (
    <article class="anomaly" aria-labelledby={id()}>
      <header class="anomaly-head">
        <h3 id={id()}>{props.anomaly.sentence}</h3>
        <p class="note">
          {formatFullDay(props.anomaly.day)} ·{' '}
          <b classList={{ 'is-up': isUp(), 'is-down': !isUp() }}>
            {isUp() ? '+' : ''}
            {formatUsd(props.anomaly.impactUsd)}
          </b>{' '}
          · z* {props.anomaly.z} (from {props.anomaly.threshold})
          {props.anomaly.isLevelShift
            ? ' · a new level: it stayed so, and is what is expected since'
            : props.anomaly.dayCount > 1
              ? ` · ${props.anomaly.dayCount} days in a row`
              : ''}
        </p>
      </header>
      <div class="anomaly-body">
        <CourseChart anomaly={props.anomaly} />
        <BridgeTable anomaly={props.anomaly} />
      </div>
      <Show
        when={props.anomaly.causes.length > 0}
        fallback={<p class="note">No price, bill, account or deployment is known to have changed that day.</p>}
      >
        <ul class="anomaly-causes" aria-label="Known causes">
          <For each={props.anomaly.causes}>
            {(cause) => (
              <li>
                <Show when={cause.href} fallback={cause.text}>
                  {(href) => <A href={href()}>{cause.text}</A>}
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <p class="anomaly-doors no-print">
        <For each={props.anomaly.doors}>
          {(door) => (
            <A href={door.href}>
              {door.name}
              <span class="visually-hidden">
                : {props.anomaly.name}, {formatFullDay(props.anomaly.day)}
              </span>
            </A>
          )}
        </For>
      </p>
      <Feedback anomaly={props.anomaly} mayDecide={props.mayDecide} />
    </article>
  )
}
