/**
 * The place to go to after signing in: a path of this site, or "/". Anything a browser could read as another
 * host ("//evil", "/\evil", "https:…") is refused, and so is the sign-in itself.
 */
export function localPath(text: string | undefined): string {
  if (!text?.startsWith('/')) return '/'
  const here = 'http://here.invalid'
  try {
    const url = new URL(text, here)
    if (url.origin !== here || url.pathname.startsWith('//') || url.pathname === '/sign-in') return '/'
    return url.pathname + url.search + url.hash
  } catch {
    return '/'
  }
}
