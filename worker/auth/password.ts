import { Buffer } from 'node:buffer'
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** OWASP's password storage cheat sheet, scrypt with 32 MiB (read 2026-11-21): as strong as N=2^17, p=1 in 128 MiB. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
/** What one hash may take; Node's own default is just below what our cost needs. An isolate has 128 MiB. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024

/** No password has this hash: what an unknown e-mail is checked against, so that it takes as long as a known one. */
const NOBODY = stored(Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES))

/** The text to store for a password: "scrypt$N$r$p$salt$hash", salt and hash in base64url. New salt on every call. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  return stored(salt, await derive(password, salt, COST, HASH_BYTES))
}

/**
 * Whether `password` belongs to the stored text, compared in constant time, with the parameters of the text. Null for
 * a user who does not exist, '' for one without a password: false, after the same work.
 *
 * @throws Error for text that `hashPassword` did not write: a damaged row, not a wrong password
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt, expected] = (hash || NOBODY).split('$')
  if (scheme !== 'scrypt' || !salt || !expected) throw new Error('a stored password hash has an unknown scheme')
  const wanted = Buffer.from(expected, 'base64url')
  const cost = { N: Number(N), r: Number(r), p: Number(p) }
  const found = await derive(password, Buffer.from(salt, 'base64url'), cost, wanted.length)
  return timingSafeEqual(found, wanted) && Boolean(hash)
}

/** Whether a stored text was made with other parameters than today's: time to hash that password anew. */
export function isOutdatedHash(hash: string): boolean {
  return hash.split('$').slice(0, 4).join('$') !== NOBODY.split('$').slice(0, 4).join('$')
}

function stored(salt: Buffer, hash: Buffer): string {
  const { N, r, p } = COST
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

type Cost = { N: number; r: number; p: number }

function derive(password: string, salt: Buffer, cost: Cost, bytes: number): Promise<Buffer> {
  const text = password.normalize('NFKC') // the same é, whichever keyboard wrote it
  return new Promise((resolve, reject) => {
    scrypt(text, salt, bytes, { ...cost, maxmem: MAX_MEMORY_BYTES }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}
