import { A } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { Disclosure } from './disclosure.tsx'

/** How a figure was made. */
export type How = {
  /** In words: "Cost ÷ GPU-hours held". */
  formula: string
  /** What it rests on: basis, days, prices, method. */
  facts?: readonly (readonly [name: string, value: string])[]
  /** An address of the explain page; without it there are no rows to show. */
  href?: string | undefined
  /** Other ways on: what is there, and its address. */
  doors?: readonly (readonly [words: string, href: string])[]
}

/**
 * "How was this computed?" beside a figure: the formula in words, what it rests on, and the way to the rows behind it.
 * Its box is absolute: set it beside a table, not into one that scrolls.
 */
export function HowComputed(props: How & { figure: string; children?: JSX.Element }) {
  const doors = () => [
    ...(props.href ? [['The rows behind it', props.href] as const] : []),
    ...(props.doors ?? []).filter(([, href]) => href !== ''),
  ]
  return (
    <Disclosure button="How?" label={`How was ${props.figure} computed?`} class="link how-button">
      {(close) => (
        <div class="how">
          <p class="how-title">How {props.figure} was computed</p>
          <p>{props.formula}</p>
          {props.children}
          <Show when={props.facts && props.facts.length > 0}>
            <dl class="how-facts">
              <For each={props.facts}>
                {([name, value]) => (
                  <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                )}
              </For>
            </dl>
          </Show>
          <Show when={doors().length > 0}>
            <p class="how-doors">
              <For each={doors()}>
                {([words, href]) => (
                  <A href={href} onClick={() => close()}>
                    {words}
                  </A>
                )}
              </For>
            </p>
          </Show>
        </div>
      )}
    </Disclosure>
  )
}
