import type { Answers } from '../../api.ts'

export type Person = Answers['users']['get']
export type Role = Person['role']

/** What each role may do, in a line. */
export const ROLES: Record<Role, { name: string; may: string }> = {
  admin: { name: 'Administrator', may: 'Does everything, and manages people and teams.' },
  finance: { name: 'Finance', may: 'Reads everything in the company, edits budgets and prices.' },
  developer: { name: 'Developer', may: 'Works in their teams: jobs, imports and API keys.' },
  viewer: { name: 'Viewer', may: 'Reads what their teams use and cost.' },
}

/** Whom a person is called where there is room for one name. */
export function nameOf({ name, email }: Pick<Person, 'name' | 'email'>): string {
  return name || email
}
