import { A } from '@solidjs/router'
import { Show } from 'solid-js'

/** A written amount that leads to what is behind it; bare where there is nothing to lead to. `door`: what is there. */
export function FigureDoor(props: { figure: string; href: string | undefined; door: string }) {
  return (
    <Show when={props.href} fallback={props.figure}>
      {(href) => (
        <A class="figure-door" href={href()} aria-label={`${props.figure}: ${props.door}`}>
          {props.figure}
        </A>
      )}
    </Show>
  )
}
