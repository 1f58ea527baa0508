import type { Role } from '../user.ts'
import { PLACES, type Place } from './places.ts'

/** A step on the way to a page; the last one is the page itself and leads nowhere. */
export type Crumb = { name: string; href: string | null }

/** The place that an address belongs to: its own, or the one above it (`/jobs` for `/jobs/job_3`). */
export function placeAt(pathname: string): Place | undefined {
  const isAbove = ({ href }: Place) => href !== '/' && pathname.startsWith(`${href}/`)
  return PLACES.find(({ href }) => href === pathname) ?? PLACES.find(isAbove)
}

/** Whether a role may open a place. */
export function isOpenTo({ roles }: Place, role: Role): boolean {
  return !roles || roles.includes(role)
}

/**
 * The way to a page, from the page of the navigation that it is below. Empty for those of the navigation itself, for what is
 * reached from the header, and for pages with a trail of their own. `title` names a thing that has no name in the address.
 */
export function trailOf(pathname: string, title: string | undefined): Crumb[] {
  const place = placeAt(pathname)
  if (!place || place.under === '/' || place.hasOwnTrail) return []
  const above = PLACES.filter(({ href }) => href === place.under)
  const isThing = place.href !== pathname
  if (above.length === 0 && !isThing) return []
  const steps: Crumb[] = [...above, ...(isThing ? [place] : [])].map(({ name, href }) => ({ name, href }))
  const last = isThing ? (title ?? nameIn(pathname)) : place.name
  return [...steps, { name: last, href: null }]
}

/** The last part of an address, as it reads. */
function nameIn(pathname: string): string {
  const last = pathname.split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
