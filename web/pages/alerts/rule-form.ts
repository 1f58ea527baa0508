import type { Questions } from '../../api.ts'
import type { Kind } from './words.ts'

type Input = Questions['alerts']['createRule']

/** A form as the question for the server, which checks it. What is empty is left out: the kind's own default counts. */
export function readRuleForm(form: FormData, kind: Kind): Input {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const params: NonNullable<Input['params']> = {}
  for (const { name, type } of kind.params) {
    const value = text(`params.${name}`)
    if (type === 'flag') params[name] = form.has(`params.${name}`)
    else if (value !== '') params[name] = type === 'number' ? Number(value) : value
  }
  const severity = text('severity')
  return {
    ...{ kind: kind.kind, name: text('name'), params },
    teamId: text('teamId') || null,
    severity: severity === 'info' || severity === 'critical' ? severity : 'warning',
    forMinutes: Number(text('forMinutes') || 0),
    repeatMinutes: Number(text('repeatMinutes') || 0),
    isEnabled: form.has('isEnabled'),
    channelIds: form.getAll('channelIds').map(String),
  }
}

/** How refusals name a field of a kind: "params -> above_usd". */
export function refusedAs(name: string): string {
  return `params -> ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
}

/** The fields that say themselves what the server thinks of them, for a kind. */
export function toldFields(kind: Kind | undefined): string[] {
  const own = (kind?.params ?? []).map(({ name }) => refusedAs(name))
  return ['name', 'team_id', 'for_minutes', 'repeat_minutes', 'channel_ids', ...own]
}
