import type { ApexOptions } from 'apexcharts'
import { type Accessor, createContext, useContext } from 'solid-js'

/** A drawing as it is now: what can be drawn again elsewhere, for a file. */
export type Drawing = {
  readonly options: ApexOptions
  readonly height: number
  /** In words, of each bar, slice or stacked series: a file has no tooltip to say them. */
  readonly amounts?: readonly string[] | undefined
}

/** The frame around a chart, which saves its drawing as a file. */
export const DrawingContext = createContext<(drawing: Accessor<Drawing>) => void>()

/** Tells the frame around this component, if there is one, what is drawn in it. */
export function offerDrawing(drawing: Accessor<Drawing>): void {
  useContext(DrawingContext)?.(drawing)
}
