import { z } from 'zod'
import { DIGEST_PERIODS } from '../../db/units/insight.ts'
import { IdText, LineText, SeenVersion } from '../input-fields.ts'

const Fields = {
  name: LineText(100)
    .min(1, 'is missing')
    .meta({ examples: ['Every morning'] }),
  hourUtc: z.number('must be a whole number').int().min(0).max(23).describe('From this hour UTC of the day after on'),
  channelIds: z
    .array(IdText('chan'))
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'names a channel twice')
    .describe('Where it goes: channels of the same team, or of the company'),
  isEnabled: z.boolean(),
}

export const NewDigest = z.object({
  ...Fields,
  period: z.enum(DIGEST_PERIODS).describe('Every day, or every week from Monday to Sunday'),
  teamId: IdText('team').nullable().default(null).describe('Null: the whole company'),
  hourUtc: Fields.hourUtc.default(8),
  channelIds: Fields.channelIds.default([]),
  isEnabled: Fields.isEnabled.default(true),
})
export type NewDigest = z.output<typeof NewDigest>

/** All but the period and the team. Channels are given whole. */
export const DigestChanges = z.object({ ...z.object(Fields).partial().shape, version: SeenVersion })
export type DigestChanges = z.output<typeof DigestChanges>
