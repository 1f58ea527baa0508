import ipaddr from 'ipaddr.js'

/**
 * Whom an address counts as: an IPv4 address as itself, also where it is written inside an IPv6 one; an IPv6 address as
 * its /64, since one household is given all of that. Text that is no address, '' too, counts as it is.
 */
export function addressBlock(address: string): string {
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const network = (parsed as ipaddr.IPv6).parts.slice(0, 4)
  return `${network.map((part) => part.toString(16)).join(':')}::/64`
}

/** Whether it is this very machine, in any way of writing it. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
