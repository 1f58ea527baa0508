import ipaddr from 'ipaddr.js'

/** Whether a deployment lets Heliox ask addresses inside its own network, and how the setting is called that says so. */
export type InsideRule = { allowsInside: boolean; setting: string }

/**
 * Why an address is none that Heliox asks, in words that follow its host; null: it is asked. What is no web address, what
 * carries a name or password, and, unless the deployment allows them, addresses inside its own network. A name that only its
 * DNS leads inside is not seen here; a hosted Worker reaches no such address.
 */
export function addressRefusal(url: URL, { allowsInside, setting }: InsideRule): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'is not an address of http or https'
  if (url.username || url.password) return 'carries a name or password: put them into the secrets'
  if (allowsInside || !isInside(url.hostname)) return null
  return `is inside a private network, which this deployment does not allow (${setting})`
}

/** Public by its range and yet of the machine's own cloud: what Azure tells its machines, certificates and settings with them. */
const OF_THE_CLOUD = new Set(['168.63.129.16'])
/** Endings that companies give to their own names. */
const INSIDE = /\.(localhost|localdomain|local|internal|intranet|corp|svc|home|home\.arpa|lan|private)$/i

/** Whether a host is literally on this machine or in a private network: by its address, however written, or by its name. */
export function isInside(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '')
  if (ipaddr.isValid(host)) {
    const address = ipaddr.process(host)
    // ::127.0.0.1 and its like: an old way to write an IPv4 address, which no public one needs.
    const isOldForm = address instanceof ipaddr.IPv6 && address.parts.slice(0, 6).every((part) => part === 0)
    return isOldForm || OF_THE_CLOUD.has(address.toString()) || address.range() !== 'unicast'
  }
  return !host.includes('.') || INSIDE.test(host)
}
