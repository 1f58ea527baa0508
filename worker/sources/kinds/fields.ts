import { z } from 'zod'
import type { Day } from '../../../db/units/time.ts'
import { HelioxError } from '../../errors.ts'

/** The address of a server. */
export const Address = z
  .string()
  .trim()
  .max(2000)
  .refine((text) => isAddress(text), 'must be an address such as https://example.com, without a name or password in it')

function isAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

export const Secret = z.string().min(1, 'must not be empty').max(8000)

/** Headers as people write them: one `Name: value` a line. */
export const SecretHeaders = Secret.refine((text) => linesOf(text).every((line) => HEADER.test(line)), {
  message: 'must be lines such as "Authorization: Bearer …"',
}).meta({
  ...{ title: 'Headers', description: 'One a line, such as Authorization: Bearer …', hasLines: true },
})

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e]+)$/

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

/** Such headers as `fetch` takes them; none for nothing. */
export function headersOf(text: string | undefined): Record<string, string> {
  return Object.fromEntries(
    linesOf(text ?? '').flatMap((line) => {
      const [, name = '', value = ''] = HEADER.exec(line) ?? []
      return name ? [[name.toLowerCase(), value.trim()]] : []
    }),
  )
}

/** A path below an address that may have one itself. */
export function below(address: string, path: string, query: Record<string, string> = {}): URL {
  const url = new URL(address)
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

/** After a longer pause the days before are not asked for: more would be an import of history. */
const MOST_DAYS = 31

/** The days to pull: the last `again`, and those since the last that was had, oldest first and 31 at most. */
export function daysToPull(yesterday: Day, again: number, throughDay: string | undefined): Day[] {
  const dayMs = 86_400_000
  const last = Date.parse(yesterday)
  const since = throughDay ? Math.round((last - Date.parse(throughDay)) / dayMs) : 0
  const count = Math.min(MOST_DAYS, Math.max(again, Number.isFinite(since) ? since : 0))
  return Array.from(
    { length: count },
    (_, n) => new Date(last - (count - 1 - n) * dayMs).toISOString().slice(0, 10) as Day,
  )
}

/** JSON of a server, or the refusal that it is none. @throws HelioxError invalid `sources.not_json` */
export function jsonOf(text: string, host: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HelioxError('invalid', 'sources.not_json', `${host} does not answer with JSON: check the address`)
  }
}
