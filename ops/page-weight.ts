import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What a browser loads before the first chart, gzipped. */
const FIRST_LOAD_BYTES = 70 * 1024
/** What one more click may load, gzipped; the two libraries that are large by nature have a limit of their own. */
const LAZY_BYTES = 40 * 1024
const LARGE: Record<string, number> = { apexcharts: 160 * 1024, docs: 450 * 1024 }
/** Words that stand in the chart library and nowhere else. */
const CHARTS = 'apexcharts-canvas'
/** Chunks below this are named together. */
const SMALL_BYTES = 3 * 1024

type Chunk = { file: string; bytes: number; text: string }

/**
 * The JavaScript of a built page in words, a line each: the first load and each chunk that is loaded later, gzipped.
 * Throws Error where one is above its limit, or where the first load has the chart library in it.
 */
export function pageWeight(web: string): string[] {
  const html = readFileSync(join(web, 'index.html'), 'utf8')
  const first = new Set([...html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map(([, file]) => file ?? ''))
  const chunks = readdirSync(join(web, 'assets'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => chunkOf(web, file))
    .sort((a, b) => b.bytes - a.bytes)
  const firstLoad = chunks.filter(({ file }) => first.has(file))
  const lazy = chunks.filter(({ file }) => !first.has(file))
  const bytes = sumOf(firstLoad)
  if (firstLoad.length === 0 || bytes > FIRST_LOAD_BYTES)
    throw new Error(
      `${firstLoad.length} scripts of ${kB(bytes)} before the first chart; at most ${kB(FIRST_LOAD_BYTES)}`,
    )
  const charts = firstLoad.find(({ text }) => text.includes(CHARTS))
  if (charts) throw new Error(`${charts.file} loads the chart library before the first chart`)
  for (const { file, bytes: own } of lazy) {
    const most = LARGE[nameOf(file)] ?? LAZY_BYTES
    if (own > most) throw new Error(`${file} is ${kB(own)}; at most ${kB(most)}`)
  }
  const small = lazy.filter(({ bytes: own }) => own < SMALL_BYTES)
  return [
    `first load ${kB(bytes)} of ${kB(FIRST_LOAD_BYTES)}: ${firstLoad.map(worded).join(', ')}`,
    `later: ${lazy
      .slice(0, lazy.length - small.length)
      .map(worded)
      .join(', ')}`,
    `and ${small.length} smaller ones, ${kB(sumOf(small))} together`,
  ]
}

function chunkOf(web: string, file: string): Chunk {
  const content = readFileSync(join(web, 'assets', file))
  return { file, bytes: gzipSync(content).length, text: content.toString('utf8') }
}

/** `overview` of `overview.page-cWbrsTL7.js`. */
function nameOf(file: string): string {
  return file.replace(/-[\w-]{8}\.js$/, '').replace(/\.(page|esm)$/, '')
}

function worded({ file, bytes }: Chunk): string {
  return `${nameOf(file)} ${kB(bytes)}`
}

function sumOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0)
}

function kB(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} kB`
}
