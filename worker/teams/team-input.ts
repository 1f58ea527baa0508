import { z } from 'zod'
import { IdText, LineText, SeenVersion, UsdLimit } from '../input-fields.ts'
import { RESERVED, RESERVED_WORDS } from '../reserved-names.ts'

/** What a person calls a team: kept as written, compared without regard to case. */
export const TeamName = LineText(200)
  .min(1, 'a team needs a name')
  .refine((name) => !RESERVED.test(name), RESERVED_WORDS)
  .meta({ examples: ['ml-research'] })

export const TeamDescription = z.string().trim().max(2000, 'must have at most 2000 characters')

/** US dollars per calendar month; null: none. */
export const Budget = UsdLimit.nullable()

export const NewTeam = z.object({
  name: TeamName,
  description: TeamDescription.nullish().describe('What the team does'),
  budgetUsd: Budget.optional().describe('Per calendar month'),
})

/** What is absent stays. */
export const TeamChange = z.object({
  id: IdText('team'),
  version: SeenVersion,
  name: TeamName.optional(),
  description: TeamDescription.nullish(),
  budgetUsd: Budget.optional().describe('Per calendar month; null takes it away'),
})
