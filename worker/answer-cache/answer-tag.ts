import { createHmac } from 'node:crypto'
import type { Settings } from '../env.ts'
import type { Actor } from '../scope.ts'

/** Which question: the route's or procedure's name, and its input as it was understood. */
export type Question = { readonly name: string; readonly input: unknown }

/**
 * What stands for a question: the same for the same one, asked by people who may see the same, of the same code. Signed, so
 * that what is made of it was given out by us, after its asker was found to be allowed.
 */
export function questionTag(
  { secretKey, deployment }: Pick<Settings, 'secretKey' | 'deployment'>,
  { name, input }: Question,
  actor: Actor,
): string {
  return signed(secretKey, JSON.stringify(['question', deployment, name, input, reachOf(actor)], plain))
}

/** What stands for the answer to it of one version of the ledger. */
export function answerTag({ secretKey }: Pick<Settings, 'secretKey'>, question: string, version: bigint): string {
  return signed(secretKey, JSON.stringify(['answer', question, version], plain))
}

function signed(secretKey: string, text: string): string {
  return createHmac('sha256', secretKey).update(text).digest('base64url').slice(0, 27)
}

/** All of an actor that decides what they may ask and what they are answered; never who they are. */
function reachOf({ role, teamIds, keyScopes }: Actor): unknown {
  return { role, teamIds: teamIds && [...teamIds].sort(), keyScopes: keyScopes && [...keyScopes].sort() }
}

/** A bigint as text. What JSON would make an empty object of would make two questions one. */
function plain(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const maker = Object.getPrototypeOf(value)
  if (maker !== Object.prototype && maker !== null)
    throw new TypeError(`The field ${name} of a question is no plain value`)
  return value
}
