import type { ApexOptions } from 'apexcharts'
import { saveFile } from '../save-file.ts'
import { resolveColours } from './colours.ts'
import type { Drawing } from './drawing.ts'

/** Of a saved drawing, whatever the width of the screen it was on. */
const WIDTH = 1120
const MARGIN = 24
const HEAD = 72
const LINE = 24
/** Pixels of a saved image per pixel of the drawing. */
const SCALE = 2

export type Heading = { readonly title: string; readonly about: string }
type Picture = { readonly svg: string; readonly width: number; readonly height: number }

/** Saves a drawing with its title and legend, in the colours of the theme on screen. Throws where the library does not load. */
export async function saveDrawing(drawing: Drawing, heading: Heading, fileName: string, format: 'png' | 'svg') {
  const picture = await pictureOf(drawing, heading)
  const svg = new Blob([picture.svg], { type: 'image/svg+xml' })
  saveFile(format === 'svg' ? svg : await pixelsOf(picture), `${fileName}.${format}`)
}

/** Draws it again out of sight, so that a phone's drawing is as wide as any, and puts title and legend around it. */
async function pictureOf({ options: onScreen, height, amounts }: Drawing, heading: Heading): Promise<Picture> {
  const { default: Chart } = await import('apexcharts')
  const options = withAmounts(onScreen, amounts)
  const host = document.createElement('div')
  host.className = 'chart-away'
  host.style.width = `${WIDTH}px`
  host.setAttribute('aria-hidden', 'true')
  document.body.append(host)
  const chart = new Chart(host, { ...options, chart: { ...options.chart, width: WIDTH, events: {} } } as ApexOptions)
  try {
    await chart.render()
    const drawn = host.querySelector('svg')?.cloneNode(true) as SVGSVGElement
    return framed(
      drawn,
      Math.max(height, drawn.height.baseVal.value),
      heading,
      legendOf(options, amounts !== undefined),
    )
  } finally {
    chart.destroy()
    host.remove()
  }
}

/** The drawing with each amount beside its name: at a bar, and where names stand in the legend, there. */
function withAmounts(options: ApexOptions, amounts: readonly string[] | undefined): ApexOptions {
  if (!amounts) return options
  const named = (name: unknown, at: number) => [String(name ?? ''), amounts[at]].filter(Boolean).join('  ')
  if (options.labels) return { ...options, labels: options.labels.map(named) }
  const series = (options.series ?? []) as { name?: string; data: { x?: string }[] }[]
  if (!options.plotOptions?.bar?.horizontal)
    return {
      ...options,
      series: series.map((one, at) => ({ ...one, name: named(one.name, at) })) as typeof options.series & object,
    }
  const { xaxis, yaxis } = options
  const axis = Array.isArray(yaxis) ? yaxis[0] : yaxis
  const wide = { ...axis, labels: { ...axis?.labels, maxWidth: WIDTH / 3 } }
  if (xaxis?.categories)
    return { ...options, yaxis: wide, xaxis: { ...xaxis, categories: (xaxis.categories as string[]).map(named) } }
  const rows = series.map((one) => ({
    ...one,
    data: one.data.map((point, at) => ({ ...point, x: named(point.x, at) })),
  }))
  return { ...options, yaxis: wide, series: rows as typeof options.series & object }
}

type Entry = { readonly name: string; readonly colour: string }

/** Who has which colour, where the drawing itself does not say it beside each bar. */
function legendOf({ series = [], labels, colors = [], plotOptions }: ApexOptions, hasAmounts: boolean): Entry[] {
  const names = labels?.map(textOf) ?? (series as { name?: string }[]).map(({ name }) => name ?? '')
  const saysMore = hasAmounts && !plotOptions?.bar?.horizontal
  return names.length > 1 || saysMore ? names.map((name, at) => ({ name, colour: String(colors[at]) })) : []
}

/** Labels of a donut are escaped for the library. */
function textOf(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').documentElement.textContent ?? ''
}

function framed(drawn: SVGSVGElement, height: number, heading: Heading, legend: readonly Entry[]): Picture {
  const [surface, text, muted] = resolveColours(['surface', 'text', 'muted'])
  const font = getComputedStyle(document.body).fontFamily
  const width = WIDTH + 2 * MARGIN
  const placed = placeLegend(legend, `13px ${font}`)
  const rows = placed.length === 0 ? 0 : placed.at(-1)!.row + 1
  const full = HEAD + height + (rows > 0 ? rows * LINE + MARGIN : 0) + MARGIN
  const svg = element('svg', { xmlns: SVG, width, height: full, viewBox: `0 0 ${width} ${full}`, 'font-family': font })
  svg.append(
    element('rect', { width, height: full, fill: surface! }),
    element('text', { x: MARGIN, y: 36, fill: text!, 'font-size': 20, 'font-weight': 600 }, heading.title),
    element('text', { x: MARGIN, y: 58, fill: muted!, 'font-size': 13 }, heading.about),
  )
  // HTML inside the drawing other programs cannot show, and crosshairs only a style sheet hides.
  for (const hidden of drawn.querySelectorAll('foreignObject, [class*=crosshairs]')) hidden.remove()
  drawn.setAttribute('x', `${MARGIN}`)
  drawn.setAttribute('y', `${HEAD}`)
  svg.append(drawn)
  for (const { name, colour, x, row } of placed) {
    const y = HEAD + height + MARGIN + row * LINE
    svg.append(
      element('rect', { x: MARGIN + x, y: y - 10, width: 12, height: 12, rx: 3, fill: colour }),
      element('text', { x: MARGIN + x + 18, y, fill: text!, 'font-size': 13 }, name),
    )
  }
  return { svg: new XMLSerializer().serializeToString(svg), width, height: full }
}

/** Entries side by side, and on a further row where the width is full. */
function placeLegend(legend: readonly Entry[], font: string) {
  const pen = document.createElement('canvas').getContext('2d')
  if (pen) pen.font = font
  let [x, row] = [0, 0]
  return legend.map((entry) => {
    const width = 18 + (pen?.measureText(entry.name).width ?? 120) + 24
    if (x > 0 && x + width > WIDTH) [x, row] = [0, row + 1]
    const placed = { ...entry, x, row }
    x += width
    return placed
  })
}

const SVG = 'http://www.w3.org/2000/svg'

function element(name: string, attributes: Record<string, string | number>, text = ''): SVGElement {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) if (key !== 'xmlns') made.setAttribute(key, `${value}`)
  made.textContent = text
  return made
}

async function pixelsOf({ svg, width, height }: Picture): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * SCALE
  canvas.height = height * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  const pixels = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!pixels) throw new Error('The browser made no image')
  return pixels
}
