import type { JSX } from 'solid-js'

/** One figure with its name and a line of context. `value` is undefined while it is on its way. */
export function StatCard(props: {
  title: string
  value: string | undefined
  hint?: string
  swatch?: string
  children?: JSX.Element
}) {
  return (
    <div class="card" classList={{ 'is-loading': props.value === undefined }} title={props.hint}>
      <dt>
        {props.swatch ? <i class="swatch" style={{ background: `var(--${props.swatch})` }} /> : null}
        {props.title}
      </dt>
      <dd class="card-value">{props.value ?? <span class="visually-hidden">Loading…</span>}</dd>
      <dd class="card-note">{props.children}</dd>
    </div>
  )
}
