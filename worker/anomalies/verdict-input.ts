import { z } from 'zod'
import { ANOMALY_VERDICTS } from '../../db/units/insight.ts'
import { LineText } from '../input-fields.ts'

const Key = z
  .string()
  .min(1)
  .max(1000)
  .meta({ examples: ['team:team_3@2026-01-13'] })

/** What somebody says of an anomaly. */
export const VerdictSaid = z.object({
  key: Key.describe('Of the anomaly, as it is answered'),
  verdict: z.enum(ANOMALY_VERDICTS).describe('yes: it was one. no: it was none. planned: it was meant'),
  note: LineText(500).default(''),
})
export const VerdictNamed = z.object({ key: Key })
