import type { Id } from '../db/units/ids.ts'
import { HelioxError } from './errors.ts'

/** Marks how a sealed text was made, so that another way can follow. */
const VERSION = 'v1'
/** What each table's secrets are sealed for, so that one's never open as another's. */
const PURPOSES = {
  src: 'heliox/sources/secrets',
  bknd: 'heliox/backends/secrets',
  chan: 'heliox/channels/secrets',
} as const
type Owner = Id<keyof typeof PURPOSES>
const NONCE_BYTES = 12

/**
 * Seals the secrets of a source, a backend or a channel: AES-256-GCM under a key that HKDF-SHA-256 derives from the deployment's SECRET_KEY for this
 * purpose alone, bound to the row's id, so that a sealed text opens in no other row. Their names stand before it, to be
 * listed without the key. Nothing to seal is ''.
 */
export async function seal(secretKey: string, id: Owner, secrets: Readonly<Record<string, string>>): Promise<string> {
  if (Object.keys(secrets).length === 0) return ''
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const plain = new TextEncoder().encode(JSON.stringify(secrets))
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm(nonce, id), await keyOf(secretKey, id), plain))
  return `${Object.keys(secrets).sort().join(',')} ${VERSION}.${Buffer.concat([nonce, sealed]).toString('base64url')}`
}

/**
 * What `seal` was given.
 * @throws HelioxError invalid `secrets.unreadable` if SECRET_KEY is another by now, or somebody changed the text
 */
export async function unseal(secretKey: string, id: Owner, sealed: string): Promise<Record<string, string>> {
  if (sealed === '') return {}
  const [version, text = ''] = sealed.slice(sealed.indexOf(' ') + 1).split('.')
  const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
  try {
    if (version !== VERSION) throw new Error('sealed in another way')
    const [nonce, rest] = [bytes.slice(0, NONCE_BYTES), bytes.slice(NONCE_BYTES)]
    const plain = await crypto.subtle.decrypt(algorithm(nonce, id), await keyOf(secretKey, id), rest)
    return JSON.parse(new TextDecoder().decode(plain)) as Record<string, string>
  } catch (cause) {
    const message = 'These secrets cannot be read, because SECRET_KEY has changed: enter them again'
    throw new HelioxError('invalid', 'secrets.unreadable', message, { cause })
  }
}

function algorithm(nonce: Uint8Array<ArrayBuffer>, id: string) {
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(id) }
}

async function keyOf(secretKey: string, id: Owner): Promise<CryptoKey> {
  const purpose = PURPOSES[id.slice(0, id.indexOf('_')) as keyof typeof PURPOSES]
  const bytes = (text: string) => new TextEncoder().encode(text)
  const root = await crypto.subtle.importKey('raw', bytes(secretKey), 'HKDF', false, ['deriveKey'])
  const derived = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes(purpose) }
  return crypto.subtle.deriveKey(derived, root, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

/** The names of what is sealed. */
export function sealedNames(sealed: string): string[] {
  return sealed === '' ? [] : sealed.slice(0, sealed.indexOf(' ')).split(',')
}

/** Shorter parts of a secret are words that stand in any text. */
const LEAST_HIDDEN = 6

/** Text for people in which no secret stands, whatever a server may have sent back. */
export function withoutSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  const told = Object.values(secrets).flatMap((value) => [value, ...value.split(/[\s:=&]+/)])
  return blotter(told, LEAST_HIDDEN)(text)
}

/** What puts "…" in the place of each of these texts of at least that length, however JSON or an address writes it. */
export function blotter(told: readonly string[], least: number): (text: string) => string {
  const forms = told.filter((part) => part.length >= least).flatMap(formsOf)
  const hidden = [...new Set(forms)].sort((a, b) => b.length - a.length)
  return (text) => hidden.reduce((clean, part) => clean.replaceAll(part, '…'), text)
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1)
  return [secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(secret.toWellFormed())]
}
