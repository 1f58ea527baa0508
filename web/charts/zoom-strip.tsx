import { lazy, Show, Suspense } from 'solid-js'
import type { Days } from '../choice/range.ts'
import type { Zoom } from './zoom.ts'

const RangeBrush = lazy(() => import('./range-brush.tsx'))

/** The strip to look closer with, below charts of a long range or a part of one; its place is kept while it loads. */
export function ZoomStrip(props: {
  zoom: Zoom
  /** The days on screen. */
  shown: Days
  /** One number per day of the whole range; undefined while they are not known. */
  amounts: readonly number[] | undefined
}) {
  return (
    <Show when={props.zoom.whole()}>
      <Suspense fallback={<div class="brush" />}>
        <RangeBrush {...props} />
      </Suspense>
    </Show>
  )
}
