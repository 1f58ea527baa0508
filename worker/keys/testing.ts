import { teams } from '../../db/schema/teams.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { startHeliox } from '../testing.ts'

/** Heliox with two teams. `key` makes an API key with the admin key and answers who calls with it. */
export async function startWithTeams(options: Parameters<typeof startHeliox>[0] = {}) {
  const heliox = await startHeliox(options)
  const made = await heliox.db
    .insert(teams)
    .values(['red', 'blue'].map((name) => ({ name, createdAtMs: heliox.now() })))
    .returning({ id: teams.id })
  const [red, blue] = made.map(({ id }) => id) as [TeamId, TeamId]
  const key = async (fields: object) => {
    const { status, body } = await heliox.write('POST', '/api/v1/keys', { name: 'a key', ...fields })
    if (status !== 201) throw new Error(`no key: ${JSON.stringify(body)}`)
    const text = body.key as string
    return { id: body.id as string, text, body, ...heliox.callerWith({ authorization: `Bearer ${text}` }) }
  }
  return { ...heliox, red, blue, key }
}
