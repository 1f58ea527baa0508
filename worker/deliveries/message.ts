import { z } from 'zod'
import { SEVERITIES } from '../../db/units/insight.ts'

/** What is told to people, before a channel turns it into its own form. Plain text; it carries no secret. */
export const Message = z.object({
  /** fired, acknowledged and resolved of an alert (again: it still fires), a digest, a try of the channel. */
  kind: z.enum(['fired', 'again', 'acknowledged', 'resolved', 'digest', 'test']),
  severity: z.enum(SEVERITIES),
  /** One line. */
  title: z.string(),
  /** A few sentences; '' for none. */
  text: z.string(),
  /** Figures beside it, in order: amounts are text for people already. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Where to look: path and query on the page, from `/` on. */
  href: z.string(),
  /** What stays the same from fired to resolved, for channels that keep incidents ("alert_7"). */
  incident: z.string(),
  atMs: z.number().int(),
})
export type Message = z.output<typeof Message>

/** What stands for a stored message that cannot be read, as after a step back to an older Heliox, or a hand in the database. */
export const UNREADABLE: Message = {
  ...{ kind: 'test', severity: 'info', title: 'A message that cannot be read', text: '', facts: [] },
  ...{ href: '/channels', incident: '', atMs: 0 },
}

/** A message as it is stored; null where it cannot be read. */
export function readMessage(text: string): Message | null {
  try {
    return Message.parse(JSON.parse(text))
  } catch {
    return null
  }
}
