import type { Answers } from '../../api.ts'

export type Person = Answers['users']['get']

/** Whom a person is called where there is room for one name. */
export function nameOf({ name, email }: Pick<Person, 'name' | 'email'>): string {
  return name || email
}
