import { expect, test } from 'vitest'
import type { RangedFile } from '../ingest/importers/importer.ts'
import { KeptFiles } from './kept-files.ts'
import { openBody } from './open-body.ts'
import { memoryPlatform } from './testing.ts'

/** Bytes that begin as Parquet does, in pieces. */
function parquetLike(size: number) {
  const bytes = Uint8Array.from({ length: size }, (_, at) => at % 251)
  bytes.set(new TextEncoder().encode('PAR1'))
  let at = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= size) return controller.close()
      controller.enqueue(bytes.slice(at, at + 300_007))
      at += 300_007
    },
  })
  return { bytes, body }
}

test('a Parquet body is laid down in parts of 8 MB, read from any place, and thrown away when it is closed', async () => {
  const { objects, bindings } = memoryPlatform()
  const kept = new KeptFiles(bindings.UPLOADS, bindings.IMPORT_QUEUE)
  const size = 20 * 1024 * 1024 + 5
  const { bytes, body } = parquetLike(size)
  const progress = { bytesRead: 0 }
  const { content, close } = await openBody(body, size, progress, kept)
  const file = content as RangedFile
  expect([file.byteLength, progress.bytesRead, objects.size]).toEqual([size, size, 3])
  for (const [start, end] of [
    [0, 10],
    [8 * 1024 * 1024 - 5, 8 * 1024 * 1024 + 5],
    [size - 8, undefined],
  ] as const)
    expect(new Uint8Array(await file.slice(start, end))).toEqual(bytes.slice(start, end))
  await close()
  expect(objects.size).toBe(0)
})

test('one that is too large leaves nothing behind, with a bucket or without', async () => {
  const { objects, bindings } = memoryPlatform()
  const kept = new KeptFiles(bindings.UPLOADS, bindings.IMPORT_QUEUE)
  const size = 20 * 1024 * 1024
  const over = openBody(parquetLike(size).body, size - 1, { bytesRead: 0 }, kept)
  await expect(over).rejects.toMatchObject({ code: 'ingest.too_large' })
  expect(objects.size).toBe(0)
  const large = openBody(parquetLike(33 * 1024 * 1024).body, 1e9, { bytesRead: 0 }, null)
  await expect(large).rejects.toMatchObject({ code: 'ingest.too_large' })
})

test('text that nobody begins to read is read to its end when it is closed', async () => {
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1
      controller.enqueue(new Uint8Array(65_536).fill(97))
      if (pulled === 30) controller.close()
    },
  })
  const { close } = await openBody(body, 1e9, { bytesRead: 0 }, null)
  await close()
  expect(pulled).toBe(30)
})
