type Claims = { readonly [name: string]: unknown }

/** Microsoft does not send `email_verified`, but, if told to, whether the address's domain is its owner's. */
const MICROSOFT = /^https:\/\/login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)\//

/** Whether a source tells an address and says whether it is verified, so that nobody else need be asked. */
export function tellsContact(claims: Claims): boolean {
  return 'email' in claims && flagOf(claims) !== undefined
}

/**
 * The address of the first source that tells one with its verification, else of the first that tells one. Both are of
 * one source: two could speak of two addresses. Null: none tells one.
 */
export function contactIn(sources: readonly Claims[]): { email: string | null; isEmailVerified: boolean } {
  const source = sources.find(tellsContact) ?? sources.find((claims) => 'email' in claims) ?? {}
  const flag = flagOf(source)
  return {
    email: typeof source.email === 'string' ? source.email : null,
    isEmailVerified: flag === true || flag === 'true' || flag === 1 || flag === '1', // some write it as text or number
  }
}

/**
 * `email_verified` of OpenID Connect, else Microsoft's `xms_edov`. Source: Microsoft's optional claims reference (read
 * 2026-11-21): "whether the user's email domain owner has been verified".
 */
function flagOf(claims: Claims): unknown {
  const isMicrosofts = typeof claims.iss === 'string' && MICROSOFT.test(claims.iss)
  return claims.email_verified ?? (isMicrosofts ? claims.xms_edov : undefined)
}
