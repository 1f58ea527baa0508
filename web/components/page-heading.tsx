import { useLocation } from '@solidjs/router'
import { createEffect, type JSX, onMount } from 'solid-js'
import { sayTitle } from '../page-title.ts'

let isFirstPage = true

/**
 * The heading of a page and the title of its tab. After a change of page the heading takes the focus, so that a
 * keyboard and a screen reader go on where the eye does; the first page leaves the focus to the browser.
 */
export function PageHeading(props: { title: string; children?: JSX.Element }) {
  let heading!: HTMLHeadingElement
  const location = useLocation()
  createEffect(() => {
    document.title = `${props.title} · Heliox`
    sayTitle(location.pathname, props.title)
  })
  onMount(() => {
    if (!isFirstPage) heading.focus({ preventScroll: true })
    isFirstPage = false
  })
  return (
    <h1 ref={heading} tabindex="-1">
      {props.children ?? props.title}
    </h1>
  )
}
