import { AwsClient } from 'aws4fetch'
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import { HelioxError } from '../../errors.ts'
import type { RangedFile } from '../../ingest/importers/importer.ts'
import { type OutsideRequest, textOf } from '../fetch-outside.ts'

/** How a bucket is reached. `endpoint` '': Amazon's own of the region. */
export type BucketAddress = { endpoint: string; region: string; bucket: string; addressing: 'path' | 'virtual' }
export type BucketKeys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }

/** One object of a listing. `etag` changes with its content. */
export type S3Object = { key: string; etag: string; size: number; modifiedAtMs: number }

const MOST_OBJECTS = 20_000
/** A page of 1,000 keys of 1,024 characters each, written out. */
const LARGEST_PAGE = 8 * 1024 * 1024
const LARGEST_REFUSAL = 64 * 1024

/** What the server calls a refusal, in words that help. docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const REFUSALS: Readonly<Record<string, string>> = {
  AccessDenied: 'the key may not do this: it needs s3:ListBucket and s3:GetObject',
  AuthorizationHeaderMalformed: 'the bucket is in another region',
  IllegalLocationConstraintException: 'the bucket is in another region',
  InvalidAccessKeyId: 'it does not know this access key id',
  InvalidBucketName: 'that is no name of a bucket',
  NoSuchBucket: 'there is no such bucket',
  NoSuchKey: 'the object is gone',
  PermanentRedirect: 'the bucket is in another region',
  RequestTimeTooSkewed: 'its clock and ours differ too much',
  SignatureDoesNotMatch: 'the secret access key is wrong',
  ExpiredToken: 'the session token has expired',
  InvalidToken: 'the session token is not valid',
}

const Text = z.string().default('')
const Listing = z.object({
  ListBucketResult: z.object({
    EncodingType: Text,
    IsTruncated: Text,
    NextContinuationToken: Text,
    Contents: z
      .array(z.object({ Key: z.string(), ETag: Text, Size: z.coerce.number().int().min(0), LastModified: Text }))
      .default([]),
  }),
})

/** A bucket of an S3-compatible store; every request is signed (SigV4). */
export class Bucket {
  private readonly base: URL
  private readonly client: AwsClient
  private readonly fetch: (request: OutsideRequest) => Promise<Response>

  constructor(address: BucketAddress, keys: BucketKeys, fetch: (request: OutsideRequest) => Promise<Response>) {
    const { accessKeyId, secretAccessKey, sessionToken } = keys
    const token = sessionToken ? { sessionToken } : {}
    this.client = new AwsClient({
      accessKeyId,
      secretAccessKey,
      ...token,
      service: 's3',
      region: address.region,
      retries: 0,
    })
    this.base = baseOf(address)
    this.fetch = fetch
  }

  /**
   * Every object below a prefix, in the order of the keys.
   * @throws HelioxError invalid `sources.too_many_objects`, `sources.not_s3`, and what `fetchOutside` throws
   */
  async list(prefix: string): Promise<S3Object[]> {
    const found: S3Object[] = []
    for (let token = ''; ; ) {
      const query = { 'list-type': '2', 'encoding-type': 'url', 'max-keys': '1000', prefix }
      const url = new URL(this.base)
      url.search = new URLSearchParams({ ...query, ...(token ? { 'continuation-token': token } : {}) }).toString()
      const { objects, next } = pageOf(await textOf(await this.get(url), LARGEST_PAGE), url)
      found.push(...objects)
      if (found.length > MOST_OBJECTS)
        throw new HelioxError(
          'invalid',
          'sources.too_many_objects',
          `More than ${MOST_OBJECTS} objects: name a longer prefix`,
        )
      if (next === '') return found
      token = next
    }
  }

  /** An object's bytes from its beginning. Refused if its content is not the listed one any more. */
  async read({ key, etag }: S3Object): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.get(this.urlOf(key), etag ? { 'if-match': `"${etag}"` } : {})
    return body ?? new ReadableStream({ start: (controller) => controller.close() })
  }

  /** An object that is read by ranges, each of them of the listed content. */
  ranged({ key, etag, size }: S3Object): RangedFile {
    return {
      byteLength: size,
      slice: async (start, end = size) => {
        if (end <= start) return new ArrayBuffer(0)
        const headers = { range: `bytes=${start}-${end - 1}`, ...(etag ? { 'if-match': `"${etag}"` } : {}) }
        const bytes = await (await this.get(this.urlOf(key), headers)).arrayBuffer()
        if (bytes.byteLength === end - start) return bytes
        throw new HelioxError('invalid', 'sources.unreachable', `${this.base.host} does not answer ranges of an object`)
      },
    }
  }

  private async get(url: URL, headers: Record<string, string> = {}): Promise<Response> {
    const sign = (to: URL, sent: Record<string, string>) => this.client.sign(to.href, { headers: sent })
    const response = await this.fetch({ url, headers, sign, expects: [301, 307, 400, 403, 404, 412] })
    if (response.ok) return response
    const code = /<Code>(\w{1,60})<\/Code>/.exec(await textOf(response, LARGEST_REFUSAL))?.[1] ?? ''
    const words =
      response.status === 412
        ? 'the object has changed in the meantime'
        : (REFUSALS[code] ?? 'it gives no reason that is known')
    throw new HelioxError('invalid', 'sources.refused', `${url.host} answered ${response.status}: ${words}`)
  }

  private urlOf(key: string): URL {
    const encoded = key.split('/').map(encodeSegment).join('/')
    return new URL(`${this.base.href.replace(/\/$/, '')}/${encoded}`)
  }
}

function baseOf({ endpoint, region, bucket, addressing }: BucketAddress): URL {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const base = new URL(endpoint || `https://s3.${region}.${domain}`)
  if (addressing === 'virtual') base.hostname = `${bucket}.${base.hostname}`
  else base.pathname = `${base.pathname.replace(/\/$/, '')}/${bucket}`
  return base
}

/** As SigV4 wants it: more is encoded than `encodeURIComponent` does; a segment of dots would be walked up. */
function encodeSegment(text: string): string {
  if (/^\.\.?$/.test(text)) return text.replaceAll('.', '%2E')
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

const parser = new XMLParser({
  ...{ ignoreAttributes: true, parseTagValue: false, trimValues: false, htmlEntities: true },
  isArray: (name) => name === 'Contents',
})

function pageOf(xml: string, url: URL): { objects: S3Object[]; next: string } {
  const parsed = Listing.safeParse(parsedXml(xml))
  if (!parsed.success)
    throw new HelioxError(
      'invalid',
      'sources.not_s3',
      `${url.host} does not answer as an S3-compatible store: check the endpoint`,
    )
  const { Contents, EncodingType, IsTruncated, NextContinuationToken } = parsed.data.ListBucketResult
  const keyOf = (text: string) => (EncodingType === 'url' ? decodeURIComponent(text.replaceAll('+', ' ')) : text)
  const objects = Contents.map(({ Key, ETag, Size, LastModified }) => ({
    ...{
      key: keyOf(Key),
      etag: ETag.replace(/^"|"$/g, ''),
      size: Size,
      modifiedAtMs: Date.parse(LastModified) || 0,
    },
  }))
  return { objects, next: IsTruncated === 'true' ? NextContinuationToken : '' }
}

function parsedXml(xml: string): unknown {
  try {
    return parser.parse(xml)
  } catch {
    return null
  }
}
