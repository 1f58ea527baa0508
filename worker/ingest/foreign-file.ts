/** What a file is that no importer reads, and what to send in its place. */
type Foreign = { is: string; instead: string }

const READ = 'Heliox reads CSV, JSON and Parquet, plain or packed with gzip'
const UNPACK = 'unpack it and send what is inside, plain or packed with gzip'
const AS_CSV = 'save the sheet as CSV (UTF-8) and send that'
const picture = (kind: string): Foreign => ({ is: `a picture (${kind})`, instead: READ })

/** How files begin that are no text, a character for each byte, and what they are. From the formats' own descriptions. */
const BEGINNINGS: readonly (readonly [beginning: string, foreign: Foreign])[] = [
  ['\x89PNG\r\n\x1a\n', picture('PNG')],
  ['\xff\xd8\xff', picture('JPEG')],
  ['GIF87a', picture('GIF')],
  ['GIF89a', picture('GIF')],
  ['%PDF-', { is: 'a PDF document', instead: 'ask for its figures as CSV' }],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', { is: 'an old Excel or Office document', instead: AS_CSV }],
  ['\x28\xb5\x2f\xfd', { is: 'packed with zstd', instead: UNPACK }],
  ['BZh', { is: 'packed with bzip2', instead: UNPACK }],
  ['\xfd7zXZ\0', { is: 'packed with xz', instead: UNPACK }],
  ['7z\xbc\xaf\x27\x1c', { is: 'a 7z archive', instead: UNPACK }],
  ['Rar!\x1a\x07', { is: 'a RAR archive', instead: UNPACK }],
  ['SQLite format 3\0', { is: 'an SQLite database', instead: 'export the table as CSV' }],
  ['Obj\x01', { is: 'an Avro file', instead: 'export it as CSV, JSON or Parquet' }],
  // Gzip and Parquet are known by how a body begins: here they stand inside a gzip file.
  ['\x1f\x8b', { is: 'packed with gzip twice', instead: 'unpack it once and send what comes out' }],
  ['PAR1', { is: 'a Parquet file packed with gzip', instead: 'unpack it: Parquet is sent as it is' }],
]

const WORKBOOK: Foreign = { is: 'an Excel workbook (.xlsx)', instead: AS_CSV }
const SPREADSHEET: Foreign = { is: 'a spreadsheet (.ods)', instead: AS_CSV }
const ZIP: Foreign = { is: 'a ZIP archive', instead: UNPACK }
const TAR: Foreign = { is: 'a tar archive', instead: UNPACK }
/** Where a tar header says that it is one. */
const TAR_MAGIC_AT = 257

/** So many first bytes tell all of them but a tar archive and what is inside a ZIP. */
export const TELLING_BYTES = 16

/**
 * By the first bytes of a file: what it is and what to send in its place, as a sentence; null: it may be text. What its
 * name or its sender says does not count.
 */
export function foreignWords(first: Uint8Array): string | null {
  const head = String.fromCharCode(...first.subarray(0, 300)) // a character for each byte
  const foreign = head.startsWith('PK\x03\x04') ? insideZip(head) : told(head)
  return foreign && `The file is ${foreign.is}: ${foreign.instead}`
}

function told(head: string): Foreign | null {
  if (head.startsWith('ustar', TAR_MAGIC_AT)) return TAR
  return BEGINNINGS.find(([beginning]) => head.startsWith(beginning))?.[1] ?? null
}

/** By the name of the first file in it, which stands from byte 30 on. */
function insideZip(head: string): Foreign {
  const name = head.slice(30)
  if (/^(\[Content_Types\]|_rels\/|xl\/|docProps\/)/.test(name)) return WORKBOOK
  return name.startsWith('mimetypeapplication/vnd.oasis') ? SPREADSHEET : ZIP
}
