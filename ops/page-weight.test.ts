import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pageWeight } from './page-weight.ts'

/** A built page whose first load is `index` and one chunk more; text that no compression makes smaller. */
function built(files: Record<string, string>): string {
  const web = mkdtempSync(join(tmpdir(), 'heliox-web-'))
  onTestFinished(() => rmSync(web, { recursive: true, force: true }))
  mkdirSync(join(web, 'assets'))
  const html = `<script type="module" src="/assets/index-CJuxNfGi.js"></script>
    <link rel="modulepreload" href="/assets/theme-toggle-Z67xSkNV.js">`
  writeFileSync(join(web, 'index.html'), html)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(web, 'assets', file), text)
  return web
}
const noise = (kilobytes: number) => randomBytes(kilobytes * 768).toString('base64')
const SMALL = { 'index-CJuxNfGi.js': 'a', 'theme-toggle-Z67xSkNV.js': 'b' }

test('each chunk is named with its size, and what is preloaded belongs to the first load', () => {
  const [first, later, rest] = pageWeight(
    built({ ...SMALL, 'jobs.page-BuWHEuK3.js': noise(8), 'usd-5CZp0PfK.js': 'c' }),
  )
  expect(first).toMatch(/^first load 0\.0 kB of 70\.0 kB: index 0\.0 kB, theme-toggle 0\.0 kB$/)
  expect(later).toMatch(/^later: jobs [5-8]\.\d kB$/)
  expect(rest).toMatch(/^and 1 smaller ones/)
})

test('a first load beyond its budget is refused, counted over all of its scripts', () => {
  const web = built({ 'index-CJuxNfGi.js': noise(60), 'theme-toggle-Z67xSkNV.js': noise(60) })
  expect(() => pageWeight(web)).toThrow(/2 scripts of \d+\.\d kB before the first chart; at most 70\.0 kB/)
})

test('a chart library in the first load is refused, however small', () => {
  const web = built({ ...SMALL, 'theme-toggle-Z67xSkNV.js': '.apexcharts-canvas{}' })
  expect(() => pageWeight(web)).toThrow('theme-toggle-Z67xSkNV.js loads the chart library before the first chart')
})

test('a lazy chunk beyond its budget is refused by name; the chart library may be larger', () => {
  pageWeight(built({ ...SMALL, 'apexcharts.esm-BVcFvI9P.js': noise(120) }))
  const web = built({ ...SMALL, 'jobs.page-BuWHEuK3.js': noise(120) })
  expect(() => pageWeight(web)).toThrow(/^jobs\.page-BuWHEuK3\.js is \d+\.\d kB; at most 40\.0 kB$/)
})
