import { readBody } from '../ingest/read-body.ts'

/** A price map is 1.6 MB as of 2026; larger than this is none. */
const MOST_BYTES = 16 * 1024 * 1024

/** The text of an uploaded price map, gzip or not. @throws HelioxError as `readBody` does */
export async function priceMapText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: string[] = []
  for await (const piece of readBody(body, MOST_BYTES, { bytesRead: 0 })) pieces.push(piece)
  return pieces.join('')
}
