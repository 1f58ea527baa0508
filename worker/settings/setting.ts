import type { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'

/**
 * One thing that the company has decided for everybody. To add one: a file beside this one that exports it, and a line in
 * `SETTINGS`; both wires, their document, the audit log and `readSetting` follow.
 */
export type Setting<Value extends object> = {
  /** What the audit log calls it. */
  title: string
  /** What may be set, what is stored, and what is answered: plain JSON. */
  value: z.ZodType<Value>
  /** What holds until somebody decides. */
  fallback: Value
  /** What of it is answered to who sees these teams only; absent: all of it. */
  ofTeams?(value: Value, teamIds: readonly TeamId[]): Value
}
