import type { ZodType } from 'zod'

/** Where a schema of the server's is: `() => import('…/team-input.ts').then(({ NewTeam }) => NewTeam)`. */
export type SchemaLoad = () => Promise<ZodType>

/** What the server would find wrong, a line per field in its own words: "budget_usd: must not be below 0". */
export type Check = (asked: unknown) => string[]

/**
 * The server's own check of a question, run here. It comes with zod, in a file of its own that is fetched when the first
 * form opens; a check that does not come finds nothing wrong, since the server checks again.
 */
export async function serverCheck(load: SchemaLoad): Promise<Check> {
  try {
    const { inputProblems } = await import('./zod-here.ts')
    const schema = await load()
    return (asked) => {
      const result = schema.safeParse(asked)
      return result.success ? [] : inputProblems(result.error)
    }
  } catch {
    return () => []
  }
}
