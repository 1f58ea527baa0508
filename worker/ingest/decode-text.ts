import { HelioxError } from '../errors.ts'
import { foreignWords, TELLING_BYTES } from './foreign-file.ts'

/** Text in which a line has to end if the file has lines at all. */
const HEAD_LENGTH = 65_536

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so ("Unicode text" of Excel), which stays in front.
 * Lines that end in CR alone, as old Mac programs write them, end in LF from here on.
 *
 * @throws HelioxError invalid `ingest.not_utf8`, `ingest.not_text`
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  yield* withLineFeeds(decoded(bytes))
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  let held = new Uint8Array(0)
  for await (const piece of bytes) {
    if (decoder) yield decode(decoder, piece)
    else {
      held = joined(held, piece)
      if (held.byteLength < TELLING_BYTES) continue // a mark may arrive byte by byte
      decoder = decoderOf(held)
      yield decode(decoder, held)
    }
  }
  if (!decoder) {
    decoder = decoderOf(held)
    yield decode(decoder, held)
  }
  yield decode(decoder)
}

function decoderOf(first: Uint8Array): TextDecoder {
  const startsWith = (start: readonly number[]) => start.every((byte, at) => first[at] === byte)
  const foreign = foreignWords(first)
  if (foreign) throw new HelioxError('invalid', 'ingest.not_text', foreign)
  const encoding = startsWith([0xff, 0xfe]) ? 'utf-16le' : startsWith([0xfe, 0xff]) ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
}

function decode(decoder: TextDecoder, piece?: Uint8Array): string {
  try {
    return piece ? decoder.decode(piece, { stream: true }) : decoder.decode()
  } catch {
    throw new HelioxError(
      'invalid',
      'ingest.not_utf8',
      'The file is not text that can be read: an image or a spreadsheet is exported as CSV first, text is saved as UTF-8',
    )
  }
}

/** Passes the text on as it is, unless its first line ends in CR alone: then every line end becomes LF. */
async function* withLineFeeds(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let head: string | null = ''
  let isCrOnly = false
  let endedInCr = false
  for await (const piece of pieces) {
    let text = piece
    if (head !== null) {
      head += piece
      if (head.length < HEAD_LENGTH && !head.includes('\n')) continue
      isCrOnly = endsInCr(head)
      text = head
      head = null
    }
    if (!isCrOnly) yield text
    else {
      // The LF of a CR LF that was cut apart has been said already.
      const rest = endedInCr && text.startsWith('\n') ? text.slice(1) : text
      if (text !== '') endedInCr = text.endsWith('\r')
      yield rest.replace(/\r\n?/g, '\n')
    }
  }
  if (head !== null) yield endsInCr(head) ? head.replace(/\r\n?/g, '\n') : head
}

/** Whether the first line ends in CR without LF: no LF at all in a head as long as this, but CR. */
function endsInCr(head: string): boolean {
  return head.includes('\r') && !head.includes('\n')
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.byteLength + b.byteLength)
  both.set(a)
  both.set(b, a.byteLength)
  return both
}
