import { createHash } from 'node:crypto'
import { HelioxError } from './errors.ts'

/** The version of a thing: the same for the same content, whoever reads it. REST calls it ETag. */
export function versionOf(thing: object): string {
  const text = JSON.stringify(thing, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/** A thing and its version, as every answer about one thing carries it. */
export function versioned<T extends object>(thing: T): T & { version: string } {
  return { ...thing, version: versionOf(thing) }
}

/** Whether an update changed anything: what did not is no line of the audit log. */
export function isChanged(before: object, after: object): boolean {
  return versionOf(before) !== versionOf(after)
}

/**
 * For an update, inside its transaction: the editor saw what is there now. Without a version (REST: without If-Match)
 * the last one wins.
 *
 * @throws HelioxError precondition `request.version_changed`
 */
export function requireVersion(current: object, seen: string | undefined): void {
  requireVersionOf(versionOf(current), seen)
}

/** The same where the version is known. @throws HelioxError precondition `request.version_changed` */
export function requireVersionOf(current: string, seen: string | undefined): void {
  if (seen === undefined || seen === '*' || seen === current) return
  const message = 'Somebody has changed this in the meantime: read it again, then send your change'
  throw new HelioxError('precondition', 'request.version_changed', message)
}
