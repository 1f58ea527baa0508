import { z } from 'zod'
import { Instant } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { type Bucket, KeptFiles } from '../uploads/kept-files.ts'
import type { Sink } from './write-backup.ts'

export const BACKUP_STATUSES = ['running', 'good', 'failed'] as const

/** What is known of one backup. `good`: it was read back whole after it was made. */
export const Backup = z.object({
  id: z
    .string()
    .regex(/^backup_\d{13}$/)
    .meta({ examples: ['backup_1767225600000'] }),
  status: z.enum(BACKUP_STATUSES),
  madeAtMs: Instant,
  finishedAtMs: Instant.nullable(),
  madeBy: z.string().describe('Who asked for it; `clock` for the nightly one'),
  bytes: z.number().int(),
  rows: z.number().int(),
  rowsExpected: z.number().int().describe('How many rows it will have, while it is being made'),
  sha256: z.string().describe('Of the file; empty until it is whole'),
  schema: z.string().describe('The last migration that the database had'),
  verifiedAtMs: Instant.nullable().describe('When it was last read back and found whole'),
  message: z.string().describe('Why it failed, in words; else empty'),
})
export type Backup = z.output<typeof Backup>

/** Large enough for few requests, and little beside the 128 MB of an isolate. */
const PART_BYTES = 4 * 1024 * 1024
const RECORDS = 'backup-records/'

/**
 * Backups in a bucket: each file in parts below a prefix of its own, and a record of it. The bucket knows all: a database that
 * is lost does not take the list along.
 */
export class BackupStore {
  private readonly bucket: Bucket
  private readonly files: KeptFiles

  constructor(bucket: Bucket) {
    this.bucket = bucket
    this.files = new KeptFiles(bucket, { send: () => Promise.reject(new Error('backups have no queue')) })
  }

  /** The newest first. */
  async list(): Promise<Backup[]> {
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await this.bucket.list({ prefix: RECORDS, ...(cursor ? { cursor } : {}) })
      ids.push(...page.objects.map(({ key }) => key.slice(RECORDS.length)))
      if (!page.truncated) break
      cursor = page.cursor
    }
    const found = await Promise.all(
      ids
        .sort()
        .reverse()
        .map((id) => this.find(id)),
    )
    return found.filter((backup) => backup !== null)
  }

  async find(id: string): Promise<Backup | null> {
    const object = await this.bucket.get(`${RECORDS}${id}`)
    return object ? (JSON.parse(new TextDecoder().decode(await object.arrayBuffer())) as Backup) : null
  }

  /** @throws HelioxError not_found `backups.unknown` */
  async require(id: string): Promise<Backup> {
    const backup = await this.find(id)
    if (backup) return backup
    throw new HelioxError('not_found', 'backups.unknown', `There is no backup ${id}`)
  }

  async note(backup: Backup): Promise<void> {
    await this.bucket.put(`${RECORDS}${backup.id}`, new TextEncoder().encode(JSON.stringify(backup)))
  }

  async removeFile(id: string): Promise<void> {
    await this.files.remove(prefixOf(id))
  }

  /** The file first, so that none is left which no record names. */
  async remove(id: string): Promise<void> {
    await this.removeFile(id)
    await this.bucket.delete([`${RECORDS}${id}`])
  }

  async body(id: string): Promise<ReadableStream<Uint8Array>> {
    const prefix = prefixOf(id)
    return this.files.body(prefix, await this.files.parts(prefix))
  }

  /** Takes the bytes of a file in parts; aborted, nothing of it stays. */
  sink(id: string): Sink {
    let held: Uint8Array[] = []
    let [bytes, part] = [0, 0]
    const flush = async () => {
      if (bytes === 0) return
      part += 1
      await this.files.putPart(prefixOf(id), part, joined(held, bytes))
      ;[held, bytes] = [[], 0]
    }
    return {
      write: async (piece) => {
        held.push(piece)
        bytes += piece.byteLength
        if (bytes >= PART_BYTES) await flush()
      },
      close: flush,
      abort: async () => {
        ;[held, bytes] = [[], 0]
        await this.removeFile(id)
      },
    }
  }
}

function prefixOf(id: string): string {
  return `backups/${id}/`
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}

const known = new WeakMap<object, BackupStore>()

/** The backups of a deployment; null where no bucket BACKUPS is bound. */
export function backupsOf(bindings: object): BackupStore | null {
  const { BACKUPS } = bindings as { BACKUPS?: Bucket }
  if (!BACKUPS) return null
  const store = known.get(bindings) ?? new BackupStore(BACKUPS)
  known.set(bindings, store)
  return store
}

/** @throws HelioxError unavailable `backups.not_set_up` */
export function requireStore(store: BackupStore | null): BackupStore {
  if (store) return store
  throw new HelioxError(
    'unavailable',
    'backups.not_set_up',
    'This deployment keeps no backups: it has no bucket BACKUPS',
  )
}
