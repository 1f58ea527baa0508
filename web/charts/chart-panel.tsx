import { useSearchParams } from '@solidjs/router'
import type { UseQueryResult } from '@tanstack/solid-query'
import { type Accessor, createRoot, createSignal, getOwner, type JSX, Show } from 'solid-js'
import { Panel } from '../components/panel.tsx'
import { type View, ViewSwitch } from '../components/view-switch.tsx'
import { type Drawing, DrawingContext } from './drawing.ts'
import { type CsvExport, ExportMenu } from './export-menu.tsx'

/**
 * The frame of every chart: a panel with its four states, chart or table, and one menu to save it. Which panels show
 * their table stands in the address (`?table=daily`), so that a link shows it too.
 */
export function ChartPanel<T extends object>(props: {
  /** The panel's name in the address, also behind its #. */
  id: string
  title: string
  /** What is drawn, in a few words for the file: "Nov 8 – 21, 2026". */
  about?: string
  query: UseQueryResult<T>
  isEmpty: (data: T) => boolean
  empty: JSX.Element
  minHeight: number
  class?: string
  controls?: JSX.Element
  csv: CsvExport
  /** Above and below chart and table alike. */
  above?: (data: Accessor<T>) => JSX.Element
  below?: (data: Accessor<T>) => JSX.Element
  chart: (data: Accessor<T>) => JSX.Element
  table: (data: Accessor<T>) => JSX.Element
}) {
  const owner = getOwner()
  const [view, setView] = useView(() => props.id)
  const [drawing, offer] = createSignal<Accessor<Drawing>>()
  const data = () => (props.query.isPending ? undefined : props.query.data)
  const isDrawn = () => {
    const known = data()
    return known !== undefined && !props.isEmpty(known)
  }
  const chart = (known: Accessor<T>) => (
    <DrawingContext.Provider value={(next) => offer(() => next)}>{props.chart(known)}</DrawingContext.Provider>
  )
  /** While the table is on screen, the chart is set up for a moment and never drawn: its options are all that is wanted. */
  const current = (): Drawing | undefined => {
    if (!isDrawn()) return undefined
    if (view() === 'chart') return drawing()?.()
    return createRoot((dispose) => {
      let found: Drawing | undefined
      const value = (next: Accessor<Drawing>) => {
        found = next()
      }
      const made = <DrawingContext.Provider value={value}>{props.chart(() => data() as T)}</DrawingContext.Provider>
      reach(made)
      dispose()
      return found
    }, owner)
  }
  return (
    <Panel
      title={props.title}
      anchor={props.id}
      query={props.query}
      minHeight={props.minHeight}
      holdsHeight={view() === 'chart'}
      class={props.class ?? ''}
      isEmpty={props.isEmpty}
      empty={props.empty}
      actions={
        <>
          {props.controls}
          <ExportMenu
            title={props.title}
            about={props.about ?? ''}
            csv={props.csv}
            disabled={!isDrawn()}
            drawing={current}
          />
          <ViewSwitch of={props.title} view={view()} onChange={setView} />
        </>
      }
    >
      {(known) => (
        <>
          {props.above?.(known)}
          <Show when={view() === 'chart'} fallback={props.table(known)}>
            {chart(known)}
          </Show>
          {props.below?.(known)}
        </>
      )}
    </Panel>
  )
}

/** JSX is lazy where a component answers functions: calling them sets up what is inside. */
function reach(made: JSX.Element): void {
  if (Array.isArray(made)) for (const one of made) reach(one)
  else if (typeof made === 'function') reach((made as () => JSX.Element)())
}

/** Chart or table of the panel `id`, kept in the address without a step of Back. */
function useView(id: () => string): [Accessor<View>, (view: View) => void] {
  const [params, setParams] = useSearchParams<{ table?: string | string[] }>()
  const tables = () => [params.table ?? []].flat()
  const view = (): View => (tables().includes(id()) ? 'table' : 'chart')
  const setView = (next: View) => {
    const others = tables().filter((one) => one !== id())
    setParams({ table: next === 'table' ? [...others, id()] : others }, { replace: true })
  }
  return [view, setView]
}
