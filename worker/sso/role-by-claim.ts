import { ROLES, type Role } from '../../db/schema/users.ts'

type Rule = { claim: string; byValue: Readonly<Record<string, Role>> }

/**
 * The role that a provider's claims give: the highest of those that its values are mapped to; null if none is. The
 * claim is a name, dots and all ("https://example.com/roles"), or a path ("realm_access.roles"); its value a text or a
 * list of texts.
 */
export function roleByClaim(claims: { readonly [name: string]: unknown }, { claim, byValue }: Rule): Role | null {
  const found = Object.hasOwn(claims, claim) ? claims[claim] : claim.split('.').reduce<unknown>(within, claims)
  const values = (Array.isArray(found) ? found : [found]).filter((value) => typeof value === 'string')
  const given = new Set(values.flatMap((value) => (Object.hasOwn(byValue, value) ? [byValue[value]] : [])))
  return ROLES.find((role) => given.has(role)) ?? null // highest first
}

function within(value: unknown, name: string): unknown {
  const isObject = value !== null && typeof value === 'object' && Object.hasOwn(value, name)
  return isObject ? (value as Record<string, unknown>)[name] : undefined
}
