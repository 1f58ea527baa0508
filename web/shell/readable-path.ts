/**
 * A path that the router can read: "//" in it, and a % that stands for nothing, leave it without any page, even the one that
 * says so. Null where it can be read as it is.
 */
export function readablePath(path: string): string | null {
  let read: string
  try {
    read = decodeURI(path)
  } catch {
    return '/not-found'
  }
  return read.includes('//') ? path.replace(/\/{2,}/g, '/') : null // said of `read`, or a bundler takes the reading out
}
