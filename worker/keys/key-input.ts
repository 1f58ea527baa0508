import { z } from 'zod'
import { KEY_SCOPES } from '../../db/units/key-scopes.ts'
import { IdText, InstantText, LineText, SeenVersion, UsdLimit } from '../input-fields.ts'

const Scopes = z
  .array(z.enum(KEY_SCOPES))
  .min(1, `must name at least one of ${KEY_SCOPES.join(', ')}`)
  .max(20, 'must have at most 20 entries')
  .transform((given) => KEY_SCOPES.filter((name) => given.includes(name)))
  .describe('What the key may do. `admin` carries the others, and is for keys of the whole company')

const Models = z
  .array(LineText(200).min(1, 'is empty'))
  .min(1, 'must name a model; null: all models')
  .max(100, 'must have at most 100 entries')
  .transform((given) => [...new Set(given)])
  .describe('The models that it may ask; null: all')

/** What people decide about a key, as both wires take it. Null clears what may be absent. */
export const KeyFields = {
  name: LineText(100).min(1, 'is missing'),
  scopes: Scopes,
  models: Models.nullish(),
  rpm: z.number().int().min(1).max(1_000_000).nullish().describe('Requests per minute; null: the default'),
  tpm: z.number().int().min(1).max(1_000_000_000).nullish().describe('Tokens per minute; null: no limit'),
  monthlyLimitUsd: UsdLimit.nullish().describe('What it may spend per calendar month; null: no limit of its own'),
  expiresAt: InstantText.nullish().describe('Null: does not expire'),
}

export const NewKey = z.object({
  ...KeyFields,
  teamId: IdText('team').nullish().describe('Whose rows the key reaches; none: the whole company'),
})

/** What may be changed about a key; its team may not. */
export const KeyChanges = z.object({
  ...KeyFields,
  name: KeyFields.name.optional(),
  scopes: KeyFields.scopes.optional(),
  version: SeenVersion,
})

const DAY_SECONDS = 86_400

export const Rotation = z.object({
  graceSeconds: z
    .number()
    .int()
    .min(0)
    .max(30 * DAY_SECONDS, 'must be at most 30 days')
    .default(DAY_SECONDS)
    .describe('How long the present key goes on working beside the new one; 0: not at all'),
  version: SeenVersion,
})
