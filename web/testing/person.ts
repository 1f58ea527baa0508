import { inArray } from 'drizzle-orm'
import { openDb } from '../../db/client.ts'
import { teams } from '../../db/schema/teams.ts'
import { type Role, teamMembers, users } from '../../db/schema/users.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { hashPassword } from '../../worker/auth/password.ts'
import type { Stack } from '../../worker/local/stack.ts'

export type Person = { email: string; password: string }

/** An account with that role in those teams, which exist. */
export async function addPerson(stack: Stack, role: Role, teamNames: string[] = []): Promise<Person> {
  const db = openDb(stack.databaseUrl, stack.databaseAuthToken)
  const person = { email: `${[role, ...teamNames].join('-')}@example.com`, password: 'plenty of GPUs here' }
  const passwordHash = await hashPassword(person.password)
  const account = { email: person.email, role, passwordHash, createdAtMs: Date.now() as EpochMs }
  const [user] = await db.insert(users).values(account).returning({ id: users.id })
  const own = await db.select({ id: teams.id }).from(teams).where(inArray(teams.name, teamNames))
  for (const { id } of own) await db.insert(teamMembers).values({ userId: user!.id, teamId: id })
  db.$client.close()
  return person
}
