import { A } from '@solidjs/router'
import { type JSX, Show } from 'solid-js'
import { Disclosure } from './disclosure.tsx'

/**
 * "How was this computed?" beside a figure: the formula in words, what it rests on, and the way to the rows behind it.
 * `href` is an address of the explain page; without it there are no rows to show.
 */
export function HowComputed(props: {
  figure: string
  formula: string
  href?: string | undefined
  children?: JSX.Element
}) {
  return (
    <Disclosure button="How?" label={`How was ${props.figure} computed?`} class="link how-button">
      {() => (
        <div class="how">
          <p>{props.formula}</p>
          {props.children}
          <Show when={props.href}>{(href) => <A href={href()}>The rows behind it</A>}</Show>
        </div>
      )}
    </Disclosure>
  )
}
