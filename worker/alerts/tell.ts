import type { AlertId } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { Message } from '../deliveries/message.ts'
import type { RuleRow } from './alert-rule.ts'
import { span } from './kinds/words.ts'
import type { Told } from './next-step.ts'
import type { Kept } from './reconcile.ts'

/** An alert that something is told of. */
export type Saying = {
  id: AlertId
  say: 'fired' | 'again' | 'resolved'
  kept: Kept
  told: Told
  startedAtMs: EpochMs
}

/** Titles that stand in one message; more are counted. */
const MOST_TITLES = 20

/**
 * The messages of one look. What is told in the same way and belongs to one incident is one message: alerts of a rule
 * that become due together. Its key names the first of them and how often that was told: "alert_7 fired 1", "alert_7
 * again 3", "alert_7 resolved". It stays the same however often the look is repeated, so nothing is told twice.
 *
 * `firing`: incidents of which something fires still. What ends of such an one is told beside it ("alert_7.alert_8"): the
 * incident itself is over with the last of its alerts.
 */
export function messagesOf(
  rule: Pick<RuleRow, 'id' | 'name' | 'severity'>,
  sayings: readonly Saying[],
  firing: ReadonlySet<string | null>,
  nowMs: EpochMs,
): { messageKey: string; message: Message }[] {
  const groups = new Map<string, Saying[]>()
  for (const one of sayings) {
    const key = `${one.say} ${one.told.incident ?? one.id}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Saying, ...Saying[]]
    const { say, told, id } = first
    const incident = told.incident ?? id
    const messageKey = say === 'resolved' ? `${id} resolved` : `${id} ${say} ${told.rounds}`
    const isPart = say === 'resolved' && firing.has(incident)
    const about = group.length === 1 ? ofOne(rule, first, nowMs) : ofSeveral(rule, group)
    const message: Message = {
      ...{ kind: say, severity: rule.severity, ...about },
      incident: isPart ? `${incident}.${id}` : incident,
      atMs: nowMs,
    }
    return { messageKey, message }
  })
}

type About = Pick<Message, 'title' | 'text' | 'facts' | 'href'>

function ofOne({ name }: Pick<RuleRow, 'name'>, { id, say, kept, startedAtMs }: Saying, nowMs: EpochMs): About {
  const since = { name: 'Since', value: new Date(startedAtMs).toISOString() }
  const over = `It is over after ${span(nowMs - startedAtMs)}.`
  return {
    title: kept.title,
    text: say === 'resolved' ? over : kept.text,
    facts: [...(say === 'resolved' ? [] : kept.facts), since, { name: 'Rule', value: name }],
    href: say === 'resolved' ? `/alerts?alert=${id}` : kept.href,
  }
}

function ofSeveral({ id, name }: Pick<RuleRow, 'id' | 'name'>, group: readonly Saying[]): About {
  const titles = group.slice(0, MOST_TITLES).map(({ kept }) => `• ${kept.title}`)
  const more = group.length - titles.length
  return {
    title: `${name}: ${group.length} alerts`,
    text: [...titles, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    facts: [],
    href: `/alerts?rule=${id}`,
  }
}
