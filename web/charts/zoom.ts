import { useSearchParams } from '@solidjs/router'
import { type Accessor, createMemo } from 'solid-js'
import { type Days, daysOf, lengthOf, writeRange } from '../choice/range.ts'
import type { ChoiceControl } from '../choice/use-choice.ts'
import { isPart, isSame, readWhole, writeWhole } from './whole-range.ts'

/** A range of more days than this has a strip below its chart to look closer with. */
export const LONG_DAYS = 60

/** The long range that a chart shows, or shows a part of. */
export type Zoom = {
  /** Null: the range is short, and is no part of a longer one. */
  readonly whole: Accessor<Days | null>
  readonly isZoomed: Accessor<boolean>
  /** Makes these days the page's range; the whole ones make it the whole again. */
  readonly zoomTo: (days: Days) => void
  readonly zoomOut: () => void
}

/**
 * Looking closer at a part of a long range. The part becomes the range in the address, so that every figure of the page
 * follows it, and `whole` beside it remembers where it was taken from: "90d" or "2026-01-01..2026-03-31".
 */
export function useZoom({
  choice,
  days,
  today,
  change,
}: Pick<ChoiceControl, 'choice' | 'days' | 'today' | 'change'>): Zoom {
  const [params, setParams] = useSearchParams<{ whole?: string }>()
  const from = createMemo(() => {
    const range = readWhole(params.whole)
    return range && isPart(days(), daysOf(range, today())) ? range : null
  })
  const whole = createMemo(() => {
    const range = from()
    if (range) return daysOf(range, today())
    return lengthOf(days()) > LONG_DAYS ? days() : null
  })
  const zoomOut = () => {
    const range = from()
    if (range) setParams({ ...writeRange(range), whole: null })
  }
  const zoomTo = (next: Days) => {
    const all = whole()
    if (!all || isSame(next, days())) return
    if (isSame(next, all)) return zoomOut()
    if (!isPart(next, all)) return change({ range: next })
    setParams({ ...writeRange(next), whole: writeWhole(from() ?? choice().range) })
  }
  return { whole, isZoomed: () => from() !== null, zoomTo, zoomOut }
}
