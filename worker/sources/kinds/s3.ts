import { z } from 'zod'
import { LineText } from '../../input-fields.ts'
import { textOf } from '../fetch-outside.ts'
import { Address, Secret } from './fields.ts'
import { type PulledFile, sourceKind } from './kind.ts'
import { Bucket, type S3Object } from './s3-bucket.ts'
import { type Export, exportsByFolder, exportsByManifest, filesIn, isData, isInPeriod, markOf } from './s3-exports.ts'

const Config = z.object({
  bucket: LineText(255)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{1,254}$/, 'is no name of a bucket')
    .meta({ title: 'Bucket', examples: ['my-billing-exports'] }),
  prefix: z
    .string()
    .max(1024)
    .default('')
    .meta({
      ...{ title: 'Prefix', examples: ['cur/'] },
      description: 'Only objects whose keys begin like this; of a data export, the folder above data and metadata.',
    }),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/i, 'a region is named like us-east-1')
    .default('us-east-1')
    .meta({ title: 'Region', examples: ['us-east-1'] }),
  endpoint: Address.or(z.literal(''))
    .default('')
    .meta({
      ...{ title: 'Endpoint', examples: ['https://minio.example.com'] },
      description: 'Of a store that is not Amazon’s: MinIO, R2, Ceph, … Empty: Amazon S3.',
    }),
  addressing: z
    .enum(['path', 'virtual'])
    .default('path')
    .meta({
      ...{ title: 'Addressing' },
      description: 'Where the bucket’s name stands: in the path, or before the host (virtual).',
    }),
  layout: z
    .enum(['auto', 'files'])
    .default('auto')
    .meta({
      ...{ title: 'Layout' },
      description:
        'auto: exports by their manifests or BILLING_PERIOD folders, other objects one by one. files: all one by one.',
    }),
  pattern: z
    .string()
    .max(200)
    .default('')
    .meta({
      ...{ title: 'Pattern', examples: ['*.csv.gz'] },
      description:
        'For objects one by one: the end of their keys, where * is any text. Empty: CSV, JSON, text and Parquet.',
    }),
  sameMonth: z
    .enum(['add_up', 'replace'])
    .default('add_up')
    .meta({
      ...{ title: 'Objects of the same month' },
      description:
        'For bills that are no export: add_up where each object holds other rows, replace where each is a newer version of the whole month.',
    }),
})

const Secrets = z.object({
  accessKeyId: Secret.meta({ title: 'Access key id' }),
  secretAccessKey: Secret.meta({ title: 'Secret access key' }),
  sessionToken: Secret.optional().meta({ title: 'Session token', description: 'Only with temporary keys.' }),
})

/** Marks of what has been imported: per export those of its manifest and files, else per key. */
type State = { exports: Record<string, Record<string, string>>; had: Record<string, string> }

const LARGEST_MANIFEST = 16 * 1024 * 1024

/** A bucket of Amazon S3 or of a compatible store. */
export const s3 = sourceKind<z.output<typeof Config>, z.output<typeof Secrets>, State>({
  id: 's3',
  label: 'S3 bucket',
  format: null,
  config: Config,
  secrets: Secrets,
  place: ({ bucket, prefix }) => `${bucket}/${prefix}`,
  addressFields: ['endpoint', 'bucket', 'layout', 'sameMonth'],
  isInOrder: false,
  async *pull({ config, secrets, state, fetch }) {
    const bucket = new Bucket(config, secrets, fetch)
    const objects = await bucket.list(config.prefix)
    const byKey = new Map(objects.map((object) => [object.key, object]))
    const isAuto = config.layout === 'auto'
    const described = isAuto ? exportsByManifest(objects) : []
    const exports = described.length > 0 || !isAuto ? described : exportsByFolder(objects)
    const next: State = { exports: {}, had: {} }
    for (const { name } of exports) if (state.exports?.[name]) next.exports[name] = state.exports[name]
    for (const one of exports) {
      if (isHad(one, state.exports?.[one.name], byKey)) continue
      const manifest = one.manifest
      const files = manifest
        ? filesIn(
            await textOf(new Response(await bucket.read(manifest)), LARGEST_MANIFEST),
            manifest,
            config.bucket,
            byKey,
          )
        : one.files
      const marks = Object.fromEntries(
        [...files, ...(manifest ? [manifest] : [])].map((file) => [file.key, markOf(file)]),
      )
      yield* filesOf(bucket, one, files, () => {
        next.exports[one.name] = marks
        return next
      })
    }
    if (described.length > 0) return
    const matches = matcher(config.pattern, config.prefix)
    const loose = objects.filter((object) => matches(object) && !(isAuto && isInPeriod(object)))
    for (const { key } of loose) if (state.had?.[key]) next.had[key] = state.had[key]
    loose.sort((a, b) => a.modifiedAtMs - b.modifiedAtMs || (a.key < b.key ? -1 : 1)) // a newer version comes later
    for (const object of loose) {
      if (state.had?.[object.key] === markOf(object)) continue
      const part = config.sameMonth === 'add_up' ? partOf(object.key) : ''
      yield fileOf(bucket, object, part, () => {
        next.had[object.key] = markOf(object)
        return next
      })
    }
  },
})

/** Whether nothing of an export has changed since it was imported: then its manifest is not even read. */
function isHad(
  { manifest, files }: Export,
  marks: Record<string, string> | undefined,
  objects: ReadonlyMap<string, S3Object>,
) {
  if (!marks || (manifest && marks[manifest.key] !== markOf(manifest))) return false
  if (!manifest && files.length !== Object.keys(marks).length) return false
  return Object.entries(marks).every(([key, mark]) => {
    const object = objects.get(key)
    return object !== undefined && markOf(object) === mark
  })
}

/**
 * An export as files to import. Of CSV it is one file, piece after piece, so that the period changes at once and as a
 * whole. Of other formats each is imported by itself, as a part whose name is the same in the next assembly.
 */
function* filesOf(
  bucket: Bucket,
  { name }: Export,
  files: readonly S3Object[],
  remember: () => State,
): Generator<PulledFile> {
  const [only, ...others] = files
  if (!only) return
  if (others.length === 0) yield fileOf(bucket, only, '', remember)
  else if (files.every(({ key }) => /\.csv(\.gz)?$/i.test(key)))
    yield {
      fileName: `${name.replace(/\/$/, '')} (${files.length} files)`,
      part: '',
      byteLength: files.reduce((sum, { size }) => sum + size, 0),
      open: async () => ({ pieces: files.map((file) => () => bucket.read(file)) }),
      remember,
    }
  else
    for (const file of files) {
      const isLast = file === files.at(-1)
      yield fileOf(bucket, file, partOf(file.key.replace(/^.*\//, '')), isLast ? remember : null)
    }
}

function fileOf(bucket: Bucket, object: S3Object, part: string, remember: PulledFile['remember']): PulledFile {
  const open = async () =>
    /\.parquet$/i.test(object.key) ? { ranged: bucket.ranged(object) } : { bytes: await bucket.read(object) }
  return { fileName: object.key, part, byteLength: object.size, open, remember }
}

/** The name of a part; a plus in it would mean rows that were read again from its quarantine. */
function partOf(key: string): string {
  return key.replaceAll('+', '%2B')
}

/** Objects below the prefix whose key ends as the pattern says. */
function matcher(pattern: string, prefix: string): (object: S3Object) => boolean {
  if (pattern === '') return isData
  return ({ key, size }) => size > 0 && matchesGlob(key.slice(prefix.length), `*${pattern}`)
}

/** Whether text is what a pattern with stars says. Linear: after a mismatch only the last star takes one more. */
function matchesGlob(text: string, pattern: string): boolean {
  let [at, inPattern, star, taken] = [0, 0, -1, 0]
  while (at < text.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern
      taken = at
      inPattern += 1
    } else if (inPattern < pattern.length && pattern[inPattern] === text[at]) {
      at += 1
      inPattern += 1
    } else if (star >= 0) {
      taken += 1
      at = taken
      inPattern = star + 1
    } else return false
  }
  return /^\**$/.test(pattern.slice(inPattern))
}
