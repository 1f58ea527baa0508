import { useQuery, useQueryClient } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'
import { type Answers, api } from './api.ts'
import { hereOf } from './forms/held-input.ts'
import { ME } from './queries.ts'

export type User = NonNullable<Answers['auth']['me']['user']>
export type Role = User['role']

/** What each role may do, in a line. */
export const ROLES: Record<Role, { name: string; may: string }> = {
  admin: { name: 'Administrator', may: 'Does everything, and manages people and teams.' },
  finance: { name: 'Finance', may: 'Reads everything in the company, edits budgets and prices.' },
  developer: { name: 'Developer', may: 'Works in their teams: jobs, imports and API keys.' },
  viewer: { name: 'Viewer', may: 'Reads what their teams use and cost.' },
}

/** The question who is here; `user` is null for a stranger. */
export function useMe() {
  const client = useQueryClient()
  return useQuery(() => ({
    queryKey: ME,
    queryFn: async () => hereOf(await api.auth.me.query(), client.getQueryData<Answers['auth']['me']>(ME)),
  }))
}

/** Who is signed in; undefined until that is known. The shell has asked, so its pages know at once. */
export function useUser(): Accessor<User | undefined> {
  const me = useMe()
  return () => (me.isPending ? undefined : (me.data?.user ?? undefined))
}

/** Sees the rows of some teams, and is in none. */
export function isWithoutTeam({ seesWholeCompany, teams }: User): boolean {
  return !seesWholeCompany && teams.length === 0
}

/** May enter, change and remove jobs of the teams that they see. */
export function mayEditJobs({ role }: User): boolean {
  return role === 'admin' || role === 'developer'
}

/** May send files; what may be in them is another question, see `seesWholeCompany`. */
export function mayImport({ role }: User): boolean {
  return role === 'admin' || role === 'developer'
}
