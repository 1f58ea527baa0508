import type { Answers, Questions } from '../../api.ts'

export type Channel = Answers['channels']['get']
export type Kind = Answers['channels']['kinds'][number]
export type ChannelInput = Questions['channels']['create']

/** A form as the question for the server. What is empty is left out: the kind's own default counts, and a kept secret stays. */
export function readChannelForm(form: FormData, kind: Kind): ChannelInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const config: Record<string, string> = {}
  for (const { name } of kind.config) {
    const value = text(`config.${name}`)
    if (value !== '') config[name] = value
  }
  const secrets: Record<string, string | null> = {}
  for (const { name } of kind.secrets) {
    const value = text(`secret.${name}`)
    if (value !== '') secrets[name] = value
    else if (form.has(`forget.${name}`)) secrets[name] = null
  }
  const teamId = text('teamId') || null
  return { kind: kind.kind, name: text('name'), teamId, config, secrets, isEnabled: form.has('isEnabled') }
}
