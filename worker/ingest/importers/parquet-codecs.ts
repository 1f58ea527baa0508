/// <reference path="./hyparquet-compressors.d.ts" />
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { decompress as unpackZstd } from 'fzstd'
import { type Compressors, snappyUncompress } from 'hyparquet'
import { decompressLz4, decompressLz4Raw } from 'hyparquet-compressors/src/lz4.js'

/** A page as it is in memory. Writers aim at one MiB; one value may be longer than that. */
export const LARGEST_PAGE = 64 * 1024 * 1024

/**
 * How the pages of a Parquet file are unpacked, each into the size that its header says and no further. The packages one
 * would import whole compile WebAssembly from text when they load, which Workers do not allow.
 */
export const CODECS: Compressors = {
  SNAPPY: (input, length) => {
    requireSnappy(input, length)
    const output = new Uint8Array(length)
    snappyUncompress(input, output)
    return output
  },
  GZIP: (input, length) => new Uint8Array(gunzipSync(input, upTo(length))),
  BROTLI: (input, length) => new Uint8Array(brotliDecompressSync(input, upTo(length))),
  ZSTD: (input, length) => {
    const announced = zstdSize(input)
    if (announced !== null && announced !== length) throw new RangeError('a zstd page is not as long as it should be')
    return unpackZstd(input, new Uint8Array(length))
  },
  LZ4: (input, length) => decompressLz4(input, length),
  LZ4_RAW: (input, length) => decompressLz4Raw(input, length),
}

/**
 * Walks through a Snappy page (github.com/google/snappy, format_description.txt) without unpacking it: the library takes a
 * literal of more than 2 GiB for one of negative length, goes back by it, and starts again.
 */
function requireSnappy(input: Uint8Array, length: number): void {
  const byte = (at: number) => input[at] ?? 0
  let at = 0
  while (byte(at) > 127) at += 1
  at += 1
  for (let written = 0; at < input.length; ) {
    const tag = byte(at)
    at += 1
    let size = (tag >>> 2) + 1
    if ((tag & 3) === 0) {
      const sizeBytes = Math.max(0, size - 60)
      if (sizeBytes > 0) {
        size = 1
        for (let n = 0; n < sizeBytes; n += 1) size += byte(at + n) * 2 ** (8 * n)
      }
      at += sizeBytes + size
    } else if ((tag & 3) === 1) {
      size = ((tag >>> 2) & 7) + 4
      at += 1
    } else at += (tag & 3) === 2 ? 2 : 4
    written += size
    if (at > input.length || written > length) throw new RangeError('a Snappy page is not as long as it should be')
  }
}

/** A limit with some room: workerd refuses what fills it exactly. That the length is right is checked by the reader. */
function upTo(length: number): { maxOutputLength: number } {
  return { maxOutputLength: length + 65_536 }
}

/** The length that a zstd frame announces; null: it does not. RFC 8878, section 3.1.1.1. */
function zstdSize(input: Uint8Array): number | null {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (view.byteLength < 14 || view.getUint32(0, true) !== 0xfd2fb528) return null
  const head = view.getUint8(4)
  const isSingle = (head & 0x20) !== 0
  const at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][head & 3] ?? 0)
  const kind = head >> 6
  if (kind === 0) return isSingle ? view.getUint8(at) : null
  if (kind === 1) return view.getUint16(at, true) + 256
  return kind === 2 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true))
}
