import { z } from 'zod'
import { HelioxError } from '../../errors.ts'
import type { S3Object } from './s3-bucket.ts'

/** The files of one billing period of one export, newest assembly only. `manifest` null: none is written there. */
export type Export = { name: string; period: string; manifest: S3Object | null; files: S3Object[] }

/**
 * The folder of a billing period: `20260101-20260201` of a Cost and Usage Report, `BILLING_PERIOD=2026-01` of a data
 * export or of FOCUS. docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html, read 2026-11.
 */
const PERIOD = /^(.*\/)?(\d{8}-\d{8}|billing_period=\d{4}-\d{2})\//i
const MANIFEST = /-manifest\.json$/i
const DATA = /\.(csv|tsv|json|jsonl|ndjson|txt)(\.gz)?$|\.parquet$/i
const ZIP = /\.zip$/i

/** Whether an object looks like a file that an importer may read. */
export function isData({ key, size }: S3Object): boolean {
  return size > 0 && DATA.test(key) && !MANIFEST.test(key)
}

/**
 * The exports that manifests describe, each with its newest manifest: beside the one of a period there may be one per
 * assembly, and where exports are kept, one per run. Files come from the manifest itself, see `filesIn`. Oldest first.
 */
export function exportsByManifest(objects: readonly S3Object[]): Export[] {
  const found = new Map<string, Export>()
  for (const manifest of objects.filter(({ key }) => MANIFEST.test(key))) {
    const [, root = '', period = ''] = PERIOD.exec(manifest.key) ?? []
    const folder = period ? `${root}${period}` : manifest.key.replace(/[^/]*$/, '')
    const name = `${folder}/${manifest.key.replace(/^.*\//, '')}`
    const before = found.get(name)?.manifest
    if (!before || isNewer(manifest, before)) found.set(name, { name, period, manifest, files: [] })
  }
  return inOrder(found)
}

/** The exports that stand in folders of a billing period without manifests; of several runs in one folder the newest. */
export function exportsByFolder(objects: readonly S3Object[]): Export[] {
  const runs = new Map<string, Export & { newestMs: number }>()
  for (const object of objects.filter(isData)) {
    const [folder = '', , period = ''] = PERIOD.exec(object.key) ?? []
    if (!folder || period === '') continue
    const run = object.key.slice(folder.length).replace(/[^/]*$/, '')
    const known = runs.get(folder + run) ?? { name: folder, period, manifest: null, files: [], newestMs: 0 }
    known.files.push(object)
    known.newestMs = Math.max(known.newestMs, object.modifiedAtMs)
    runs.set(folder + run, known)
  }
  const found = new Map<string, Export & { newestMs: number }>()
  for (const run of runs.values()) {
    const other = found.get(run.name)
    if (!other || run.newestMs > other.newestMs) found.set(run.name, run)
  }
  return inOrder(found).map(({ name, period, manifest, files }) => ({ name, period, manifest, files }))
}

/** Whether an object stands in a folder of a billing period. */
export function isInPeriod({ key }: S3Object): boolean {
  return PERIOD.test(key)
}

/** A legacy report names keys, a data export addresses. */
const Manifest = z.union([
  z.object({ reportKeys: z.array(z.string()).max(10_000) }).transform(({ reportKeys }) => reportKeys),
  z.object({ dataFiles: z.array(z.string()).max(10_000) }).transform(({ dataFiles }) => dataFiles),
])

/**
 * The objects that a manifest's text names, in its order.
 * @throws HelioxError invalid `sources.bad_manifest`, `sources.zip`, `sources.file_missing`
 */
export function filesIn(
  text: string,
  manifest: S3Object,
  bucket: string,
  objects: ReadonlyMap<string, S3Object>,
): S3Object[] {
  const keys = Manifest.safeParse(jsonOrNull(text))
  if (!keys.success)
    throw new HelioxError('invalid', 'sources.bad_manifest', `${manifest.key} names no files of an export`)
  return keys.data.map((named) => {
    const key = named.replace(`s3://${bucket}/`, '').replace(/^\/+/, '')
    if (ZIP.test(key))
      throw new HelioxError(
        'invalid',
        'sources.zip',
        `${key} is a ZIP file: set the report's compression to GZIP or Parquet`,
      )
    const object = objects.get(key)
    if (object) return object
    const why = 'is named by its manifest and not in the listing: the prefix is too narrow, or it has been removed'
    throw new HelioxError('invalid', 'sources.file_missing', `${key} ${why}`)
  })
}

/** What an object is remembered by. */
export function markOf({ etag, size }: S3Object): string {
  return `${etag} ${size}`
}

function isNewer(one: S3Object, other: S3Object): boolean {
  if (one.modifiedAtMs !== other.modifiedAtMs) return one.modifiedAtMs > other.modifiedAtMs
  return one.key.length < other.key.length // of the same instant, the one of the period itself
}

function inOrder<T extends Export>(found: ReadonlyMap<string, T>): T[] {
  const at = ({ period, name }: Export) => `${period.replace(/^billing_period=/i, '').replace('-', '')} ${name}`
  return [...found.values()].sort((a, b) => (at(a) < at(b) ? -1 : 1))
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
