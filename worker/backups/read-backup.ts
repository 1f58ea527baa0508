import { createHash, type Hash } from 'node:crypto'
import type { z } from 'zod'
import { HelioxError } from '../errors.ts'
import { type BackedUpTable, End, FILE_VERSION, Manifest, TableLine } from './backup-file.ts'

/** What a file holds, in its order: the manifest, lines of rows by table, and the end. */
export type BackupPart =
  | { part: 'manifest'; manifest: Manifest }
  | { part: 'rows'; table: BackedUpTable; lines: readonly string[] }
  | { part: 'end'; manifest: Manifest; end: End }

/** No row is so long: what has no line feed for so long is no backup. */
const LONGEST_LINE = 64 * 1024 * 1024

/**
 * Reads a backup part by part and holds it against what it says of itself: order, counts, checksums, and that nothing
 * follows its end. What it has yielded is proved only when it has come to its end.
 * @throws HelioxError invalid `backups.no_backup`, `backups.newer_file`, `backups.damaged`
 */
export async function* readBackup(bytes: ReadableStream<Uint8Array>): AsyncGenerator<BackupPart> {
  const found = new Found()
  try {
    for await (const lines of linesOf(bytes)) yield* found.take(lines)
  } catch (error) {
    if (error instanceof HelioxError) throw error
    if (!found.manifest) throw noBackup()
    throw damaged('it cannot be unpacked to its end')
  }
  if (!found.manifest) throw noBackup()
  if (!found.isEnded) throw damaged('it has no end')
}

/** Reads it to its end for the proof alone; tells how many rows of how many it has seen. */
export async function checkBackup(
  bytes: ReadableStream<Uint8Array>,
  onRows: (rows: number, of: number) => void = () => undefined,
): Promise<{ manifest: Manifest; end: End }> {
  let found: { manifest: Manifest; end: End } | null = null
  let [rows, of] = [0, 0]
  for await (const part of readBackup(bytes)) {
    if (part.part === 'manifest') of = part.manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    else if (part.part === 'end') found = { manifest: part.manifest, end: part.end }
    else {
      rows += part.lines.length
      onRows(rows, of)
    }
  }
  if (!found) throw damaged('it has no end')
  return found
}

class Found {
  manifest: Manifest | null = null
  isEnded = false
  private manifestSha256 = ''
  private at = -1
  private rows = 0
  private hash: Hash = createHash('sha256')
  private readonly sums: { rows: number; sha256: string }[] = []

  private *give(lines: readonly string[]): Generator<BackupPart> {
    const table = this.manifest?.tables[this.at]
    if (lines.length === 0 || !table) return
    this.rows += lines.length
    if (this.rows > table.rows) throw damaged(`${table.name} has more rows than were counted`)
    this.hash.update(`${lines.join('\n')}\n`)
    yield { part: 'rows', table, lines }
  }

  *take(lines: readonly string[]): Generator<BackupPart> {
    let held: string[] = []
    for (const line of lines) {
      if (this.isEnded) throw damaged('something follows its end')
      if (this.at >= 0 && line.startsWith('[')) {
        held.push(line)
        continue
      }
      yield* this.give(held)
      held = []
      yield* this.control(line)
    }
    yield* this.give(held)
  }

  private *control(line: string): Generator<BackupPart> {
    if (!this.manifest) {
      this.manifest = manifestIn(line)
      this.manifestSha256 = createHash('sha256').update(`${line}\n`).digest('hex')
      yield { part: 'manifest', manifest: this.manifest }
      return
    }
    this.closeTable()
    this.at += 1
    const next = this.manifest.tables[this.at]
    if (next) {
      if (parsed(TableLine, line).table !== next.name) throw damaged(`${next.name} is not where it should be`)
      return
    }
    const end = parsed(End, line)
    if (end.manifestSha256 !== this.manifestSha256) throw damaged('its first line was changed')
    for (const [at, table] of this.manifest.tables.entries()) {
      const [sum, said] = [this.sums[at], end.tables[at]]
      if (said?.name !== table.name || said.rows !== sum?.rows || said.sha256 !== sum?.sha256)
        throw damaged(`the rows of ${table.name} are not those of its checksum`)
    }
    this.isEnded = true
    yield { part: 'end', manifest: this.manifest, end }
  }

  private closeTable(): void {
    const table = this.manifest?.tables[this.at]
    if (!table) return
    if (this.rows !== table.rows) throw damaged(`${table.name} has ${this.rows} of ${table.rows} rows`)
    this.sums.push({ rows: this.rows, sha256: this.hash.digest('hex') })
    this.rows = 0
    this.hash = createHash('sha256')
  }
}

function manifestIn(line: string): Manifest {
  const json = jsonOf(line) as { helioxBackup?: unknown } | null
  if (typeof json !== 'object' || json === null || typeof json.helioxBackup !== 'number') throw noBackup()
  if (json.helioxBackup > FILE_VERSION)
    throw new HelioxError('invalid', 'backups.newer_file', 'This backup is of a newer Heliox: upgrade this one first')
  return parsed(Manifest, line)
}

function parsed<S extends z.ZodType>(schema: S, line: string): z.output<S> {
  const found = schema.safeParse(jsonOf(line))
  if (!found.success) throw damaged('a line of it is none of a backup')
  return found.data
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Whole lines as they come, without their line feeds. A last line without one was cut. */
async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string[]> {
  const gunzip = new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>
  const reader = bytes.pipeThrough(gunzip).getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const lines = (rest + decoder.decode(next.value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) throw noBackup()
      if (lines.length > 0) yield lines
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  if (rest !== '') throw damaged('its last line is cut')
}

function noBackup(): HelioxError {
  return new HelioxError('invalid', 'backups.no_backup', 'This file is no backup of Heliox')
}

function damaged(how: string): HelioxError {
  return new HelioxError('invalid', 'backups.damaged', `The backup is cut or damaged: ${how}`)
}
