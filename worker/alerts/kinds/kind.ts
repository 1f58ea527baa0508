import type { z } from 'zod'
import type { TeamId } from '../../../db/units/ids.ts'
import type { Settings } from '../../env.ts'
import type { MeterHandle } from '../../gateway/meter/meter-of.ts'
import type { Scope } from '../../scope.ts'

/** What a look at the ledger and at Heliox itself has: it sees the whole company. */
export type AlertScope = Scope & { settings: Settings; meter: MeterHandle | null }

/** A condition that holds now. */
export type Finding = {
  /** What it is about, where a rule may find several ("backend:vllm-1", an anomaly's key); '' for the only one. */
  groupKey: string
  /** Whose it is; null: the whole company's. */
  teamId: TeamId | null
  /** One line with the figure in it. */
  title: string
  /** A sentence or two; '' for none. */
  text: string
  facts: readonly { name: string; value: string }[]
  /** Where to look: path and query on the page, from `/` on. */
  href: string
}

/**
 * One kind of rule. To add one: a file beside this one that exports it, and a line in `KINDS`; rules of it, their form
 * (made of `params`), their evaluation, messages and history follow.
 */
export type AlertKind<Params extends object = object> = {
  /** As rules name it: burn_rate. */
  name: string
  title: string
  /** What it watches, in a sentence, with its unit and window. */
  describes: string
  /** Thresholds and windows with defaults; each field with a title and a description, from which the form is made. */
  params: z.ZodType<Params>
  /** Whether a rule of one team may be of this kind, the whole company, or both. */
  of: readonly ('company' | 'team')[]
  /** How often it is looked at, in minutes; absent: every five. The clock comes every minute. */
  everyMinutes?: number
  /**
   * Every condition that holds now, and nothing that does not. With a team: of that team alone. Throws where it cannot be
   * known: the rule keeps its open alerts as they are and says why, since unknown is neither well nor ill.
   */
  look(scope: AlertScope, rule: { params: Params; teamId: TeamId | null }): Promise<Finding[]>
}
