import type { Answers, Questions } from '../../api.ts'

export type Source = Answers['sources']['get']
export type Kind = Answers['sources']['kinds'][number]
export type Field = Kind['config'][number]
export type SourceInput = Questions['sources']['create']

/**
 * A form as the question for the server, which checks it. What is empty is left out: the kind's own default counts, and a
 * kept secret stays. A secret that is to be forgotten is null.
 */
export function readSourceForm(form: FormData, kind: Kind): SourceInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const config: Record<string, string | number | boolean> = {}
  for (const { name, type } of kind.config) {
    const value = text(`config.${name}`)
    if (type === 'flag') config[name] = form.has(`config.${name}`)
    else if (value !== '') config[name] = type === 'number' ? Number(value) : value
  }
  const secrets: Record<string, string | null> = {}
  for (const { name } of kind.secrets) {
    const value = text(`secret.${name}`)
    if (value !== '') secrets[name] = value
    else if (form.has(`forget.${name}`)) secrets[name] = null
  }
  return {
    ...{ kind: kind.kind, name: text('name'), config, secrets },
    ...{ format: kind.format ?? (text('format') || 'auto'), source: text('source'), provider: text('provider') },
    ...{ currency: text('currency'), timeZone: text('timeZone'), isEnabled: form.has('isEnabled') },
  }
}

/** How refusals name a field of a kind: "config -> same_month". */
export function refusedAs(part: 'config' | 'secrets', name: string): string {
  return `${part} -> ${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
}
