import { z } from 'zod'
import { expected } from '../errors.ts'
import { importerOf, recognise } from '../ingest/importers/index.ts'
import { IdText } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import { unseal, withoutSecrets } from '../seal.ts'
import { textIn } from './hand-over.ts'
import { kindOf } from './kinds/index.ts'
import type { PulledFile } from './kinds/kind.ts'
import { pullOf } from './run-source.ts'
import { type SourceScope, sourceRow } from './source.ts'
import {
  checkedConfig,
  checkedFormat,
  checkedSecrets,
  givenSecrets,
  mergedSecrets,
  requireSameServer,
} from './source-fields.ts'
import { NewSource } from './source-input.ts'

/** A source that need not exist. With `id`, secrets that are not given are those of that source. */
export const TriedSource = NewSource.omit({ name: true, isEnabled: true }).extend({
  id: IdText('src').optional().describe('A source whose kept secrets are used where none are given'),
})

export const Tried = z.object({
  isFine: z.boolean(),
  message: z.string(),
  fileCount: z.number().int().describe('Files that a first pull would import; 20 are counted at most'),
  files: z.array(z.string()).describe('Their names'),
  format: z.string().nullable().describe('How the first would be read; null: it was not looked into'),
})
export type Tried = z.output<typeof Tried>

const MOST_FILES = 20
/** Text of the first file that is looked at, as `auto` does. */
const HEAD_LENGTH = 65_536

/**
 * Tries a source as if it had never been pulled, and stores nothing: asks its server, lists what there is, and reads the
 * beginning of the first file. What goes wrong on the way is an answer.
 *
 * @throws HelioxError invalid `request.invalid`, `ingest.unknown_format`, `sources.secrets_again`; not_found `sources.no_source`
 */
export async function trySource(
  scope: SourceScope,
  { id, kind, ...input }: z.output<typeof TriedSource>,
): Promise<Tried> {
  allow(scope, 'sources:write')
  const config = checkedConfig(kind, input.config)
  const format = checkedFormat(kind, input.format)
  let given = givenSecrets(input.secrets)
  if (id) {
    const row = await sourceRow(scope.db, id)
    const kept = row.kind === kind ? await unseal(scope.settings.secretKey, row.id, row.sealedSecrets) : {}
    requireSameServer(JSON.parse(row.configJson), config, kept, input.secrets)
    given = mergedSecrets(kept, input.secrets)
  }
  const secrets = checkedSecrets(kind, given)
  const files: string[] = []
  try {
    let about: { format: string; words: string } | null = null
    const row = { configJson: JSON.stringify(config), stateJson: '{}', provider: input.provider }
    for await (const file of kindOf(kind).pull(pullOf(scope, row, secrets))) {
      about ??= await lookInto(file, file.format ?? format)
      files.push(file.fileName)
      if (files.length >= MOST_FILES) break
    }
    if (!about) return answer(false, 'The server answers, and has no file for us', files, null)
    return answer(true, about.words, files, about.format)
  } catch (error) {
    const known = expected(error)
    if (!known) scope.log.error('source.try_failed', { error: withoutSecrets(String(error), secrets) })
    return answer(false, withoutSecrets(known?.message ?? 'Something went wrong: see the log', secrets), files, null)
  }
}

function answer(isFine: boolean, message: string, files: string[], format: string | null): Tried {
  return { isFine, message: message.slice(0, 600), fileCount: files.length, files, format }
}

/** @throws HelioxError invalid: what the file's server and the importers say */
async function lookInto(file: PulledFile, format: string): Promise<{ format: string; words: string }> {
  const body = await file.open()
  if ('ranged' in body) return { format, words: `${file.fileName} is Parquet of ${body.ranged.byteLength} bytes` }
  let head = ''
  const text = textIn(body, { bytesRead: 0 })
  for await (const piece of text) {
    head += piece
    if (head.length >= HEAD_LENGTH) break
  }
  if (format === 'auto') {
    const { importer, why } = recognise(head)
    return { format: importer.id, words: `${file.fileName} is ${importer.label}, because ${why}` }
  }
  const importer = importerOf(format)
  const why = 'recognises' in importer ? importer.recognises(head) : null
  if (why === null) recognise(head) // what it is, if anything: the refusal says what there is
  return {
    format,
    words: `${file.fileName} can be read as ${importer.label}${why === null ? ', as it seems not' : ''}`,
  }
}
