import { z } from 'zod'
import type { Day } from '../../../db/units/time.ts'
import { Address, daysToPull, headersOf, Secret, SecretHeaders } from './fields.ts'
import { type PulledFile, sourceKind } from './kind.ts'

const Config = z.object({
  url: Address.refine((text) => !text.includes('#'), 'must have no #').meta({
    ...{ title: 'Address', examples: ['https://example.com/bills/{yyyy}-{mm}-{dd}.csv'] },
    description: '{yyyy}, {mm} and {dd} stand for yesterday’s year, month and day (UTC).',
  }),
  holdsOneDay: z
    .boolean()
    .default(true)
    .meta({
      ...{ title: 'Each file holds its own day only' },
      description:
        'For bills with {dd} in the address. No: each holds the month so far, and takes the place of the one before.',
    }),
})

const Secrets = z.object({
  headers: SecretHeaders.optional(),
  query: Secret.regex(/^[\x21-\x7e]+$/, 'must be text of an address, such as sig=…')
    .optional()
    .meta({
      ...{ title: 'Secret end of the address' },
      description: 'What follows the ? and is secret, such as a SAS token: sv=…&sig=…',
    }),
})

/** What the server said of the file, by its address without the secret end; through which day such addresses were asked. */
type State = { seen: Record<string, { etag: string; lastModified: string }>; throughDay: string }

/** A file at an address; one that has not changed is not sent again. */
export const https = sourceKind<z.output<typeof Config>, z.output<typeof Secrets>, State>({
  id: 'https',
  label: 'Web address',
  format: null,
  config: Config,
  secrets: Secrets,
  place: ({ url }) => url,
  addressFields: ['url', 'holdsOneDay'],
  isInOrder: true,
  async *pull({ config, secrets, state, yesterday, fetch }) {
    const isDaily = config.url.includes('{dd}')
    const days: Day[] = isDaily ? daysToPull(yesterday, 1, state.throughDay) : [yesterday]
    const next: State = { seen: {}, throughDay: state.throughDay ?? '' }
    for (const day of days) {
      const plain = onDay(config.url, day)
      const known = state.seen?.[plain]
      if (known) next.seen[plain] = known
      const url = new URL(plain)
      if (secrets.query) url.search = [url.search.slice(1), secrets.query.replace(/^\?/, '')].filter(Boolean).join('&')
      const response = await fetch({
        url,
        headers: {
          ...(known?.etag ? { 'if-none-match': known.etag } : {}),
          ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
        },
        secretHeaders: headersOf(secrets.headers),
        expects: known ? [304] : [],
      })
      const header = (name: string) => (response.headers.get(name) ?? '').slice(0, 500)
      const remember = () => {
        next.throughDay = day
        if (header('etag') || header('last-modified'))
          next.seen[plain] = { etag: header('etag'), lastModified: header('last-modified') }
        return next
      }
      if (response.status === 304) await response.body?.cancel()
      else yield fileOf(response, url, isDaily && config.holdsOneDay ? day : '', remember)
    }
  },
})

function fileOf(response: Response, { pathname, host }: URL, part: string, remember: () => State): PulledFile {
  const announced = Number(response.headers.get('content-length') ?? Number.NaN)
  const name = decoded(pathname.split('/').findLast((segment) => segment !== '') ?? host)
  const empty = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.close() })
  const open = async () => ({ bytes: response.body ?? empty() })
  return {
    fileName: name.slice(0, 255),
    part,
    byteLength: Number.isFinite(announced) ? announced : null,
    open,
    remember,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function onDay(url: string, day: Day): string {
  const [year = '', month = '', date = ''] = day.split('-')
  return url.replaceAll('{yyyy}', year).replaceAll('{mm}', month).replaceAll('{dd}', date)
}
