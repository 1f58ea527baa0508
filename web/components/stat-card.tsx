import { A } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { Explained } from './explained.tsx'
import { type How, HowComputed } from './how-computed.tsx'

/** One figure with its name and a line of context. `value` is undefined while it is on its way. */
export function StatCard(props: {
  title: string
  value: string | undefined
  hint?: string
  swatch?: string
  /** Where the figure leads: what it is made of. */
  href?: string | undefined
  /** Where that is, for who cannot see the page around it: "its pool-days". */
  door?: string
  /** How it was made: a button in the last line opens it. */
  how?: How | undefined
  children?: JSX.Element
}) {
  // A getter for `total && words` hands out false, not undefined, while there is no total.
  return (
    <div class="card" classList={{ 'is-loading': !props.value }}>
      <dt>
        {props.swatch ? <i class="swatch" style={{ background: `var(--${props.swatch})` }} /> : null}
        <Explained words={props.title} meaning={props.hint} />
      </dt>
      <dd class="card-value">
        <Show when={props.value} fallback={<span class="visually-hidden">Loading…</span>}>
          {(value) => (
            <Show when={props.href} fallback={value()}>
              {(href) => (
                <A class="figure-door" href={href()} aria-label={`${value()}: ${props.door ?? 'what it is made of'}`}>
                  {value()}
                </A>
              )}
            </Show>
          )}
        </Show>
      </dd>
      <dd class="card-note">
        <span>{props.children}</span>
        <Show when={props.how}>{(how) => <HowComputed figure={inSentence(props.title)} {...how()} />}</Show>
      </dd>
    </div>
  )
}

/** "idle share" of "Idle share"; "GPU-hours" stays. */
function inSentence(title: string): string {
  return title.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())
}
