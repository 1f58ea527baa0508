/**
 * `npm pack` packs the command `heliox`, which needs nothing but Node. What builds and serves Heliox would be installed
 * with it if package.json said so: `slim` leaves out scripts and dependencies while npm packs, `restore` puts them back.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const manifest = join(import.meta.dirname, '../package.json')
const full = join(import.meta.dirname, '../package.full.json')
const KEPT = ['name', 'version', 'description', 'private', 'type', 'engines', 'bin', 'files']

const [step] = process.argv.slice(2)
if (step !== 'slim' && step !== 'restore') throw new Error('say slim or restore')
if (existsSync(full)) renameSync(full, manifest) // also what a broken-off pack left behind
if (step === 'slim') {
  const text = readFileSync(manifest, 'utf8')
  const whole = JSON.parse(text)
  writeFileSync(full, text)
  writeFileSync(manifest, `${JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, whole[key]])), null, 2)}\n`)
}
