import { z } from 'zod'
import { CHANNEL_KINDS } from '../../db/units/channel-kinds.ts'
import { IdText, LineText, SeenVersion } from '../input-fields.ts'

const Value = z.union([z.string().max(8000), z.number(), z.boolean()], 'must be text, a number, or true or false')

const Fields = {
  name: LineText(100)
    .min(1, 'is missing')
    .meta({ examples: ['#gpu-costs'] }),
  config: z
    .record(z.string().max(60), Value)
    .describe('What its kind needs to know, see `GET /channels/kinds`; given whole')
    .meta({ examples: [{}] }),
  secrets: z
    .record(z.string().max(60), z.string().max(8000).nullable())
    .describe('Written only: kept sealed and never shown, addresses of webhooks among them')
    .meta({ examples: [{ url: 'https://hooks.slack.com/services/…' }] }),
  isEnabled: z.boolean().describe('Off: nothing is sent there, and what waits is given up'),
}

export const NewChannel = z.object({
  ...Fields,
  kind: z.enum(CHANNEL_KINDS),
  teamId: IdText('team').nullable().default(null).describe('Whose it is; null: the whole company’s'),
  config: Fields.config.default({}),
  secrets: Fields.secrets.default({}),
  isEnabled: Fields.isEnabled.default(true),
})
export type NewChannel = z.output<typeof NewChannel>

/** What may be changed: all but the kind and the team. Secrets that are not named are kept; null makes or forgets one. */
export const ChannelChanges = z.object({ ...z.object(Fields).partial().shape, version: SeenVersion })
export type ChannelChanges = z.output<typeof ChannelChanges>
