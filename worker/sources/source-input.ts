import { z } from 'zod'
import { SOURCE_KINDS } from '../../db/units/source-kinds.ts'
import { isTimeZone } from '../clock-offsets.ts'
import { LineText, NormalName, SeenVersion, SourceName } from '../input-fields.ts'

const Value = z.union([z.string().max(8000), z.number(), z.boolean()], 'must be text, a number, or true or false')

const Fields = {
  name: LineText(100).min(1, 'is missing'),
  format: z.string().min(1).max(40).describe('An importer’s id, or auto; kinds with a format of their own keep to it'),
  config: z
    .record(z.string().max(60), Value)
    .describe('What its kind needs to know, see `GET /sources/kinds`')
    .meta({ examples: [{ bucket: 'my-billing-exports', prefix: 'focus/', region: 'us-east-1' }] }),
  secrets: z
    .record(z.string().max(60), z.string().max(8000).nullable())
    .describe('Written only: kept sealed and never shown. Null forgets one')
    .meta({ examples: [{ access_key_id: 'AKIA…', secret_access_key: '…' }] }),
  source: SourceName,
  provider: NormalName.describe('Whose rows they are where the file does not say it'),
  currency: z.string().regex(/^([A-Za-z]{3})?$/, 'a currency has three letters, such as USD'),
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'a time zone is named like Europe/Berlin')
    .describe('Of times that have no zone of their own; empty: UTC'),
  isEnabled: z.boolean().describe('Whether the clock pulls it'),
}

export const NewSource = z.object({
  ...Fields,
  kind: z.enum(SOURCE_KINDS),
  format: Fields.format.default('auto'),
  secrets: Fields.secrets.default({}),
  source: Fields.source.default(''),
  provider: Fields.provider.default(''),
  currency: Fields.currency.default(''),
  timeZone: Fields.timeZone.default(''),
  isEnabled: Fields.isEnabled.default(true),
})
export type NewSource = z.output<typeof NewSource>

/** What may be changed: all but the kind. Secrets that are not named are kept. */
export const SourceChanges = z.object({ ...z.object(Fields).partial().shape, version: SeenVersion })
export type SourceChanges = z.output<typeof SourceChanges>
