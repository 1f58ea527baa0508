import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from './api.ts'
import { ME } from './queries.ts'

export type User = NonNullable<Answers['auth']['me']['user']>

/** Who is signed in; undefined until that is known. The shell has asked, so its pages know at once. */
export function useUser(): Accessor<User | undefined> {
  const me = useQuery(() => ({ queryKey: ME, queryFn: () => api.auth.me.query() }))
  return () => (me.isPending ? undefined : (me.data?.user ?? undefined))
}

/** Sees the rows of some teams, and is in none. */
export function isWithoutTeam({ seesWholeCompany, teams }: User): boolean {
  return !seesWholeCompany && teams.length === 0
}

/** May send files; what may be in them is another question, see `seesWholeCompany`. */
export function mayImport({ role }: User): boolean {
  return role === 'admin' || role === 'developer'
}
