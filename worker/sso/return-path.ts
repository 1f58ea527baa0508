/** A cookie holds 4,096 bytes, and this is one part of it. */
const LONGEST = 1000
/** Addresses that are no page; a sign-in that led to a sign-in would go round for ever. */
const NO_PAGE = /^\/(sign-in|api|trpc|v1|health|metrics)(\/|$)/

/**
 * Where to go after signing in: a path of this site, or "/". Anything a browser could read as another host ("//evil",
 * "/\evil", "https:…") is refused.
 */
export function returnPath(text: string | undefined): string {
  if (!text?.startsWith('/')) return '/'
  const url = URL.parse(text, 'http://here.invalid')
  if (url?.origin !== 'http://here.invalid' || url.pathname.startsWith('//') || NO_PAGE.test(url.pathname)) return '/'
  const path = url.pathname + url.search + url.hash
  return path.length > LONGEST ? '/' : path
}
