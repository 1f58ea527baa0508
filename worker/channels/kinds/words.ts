import type { Message } from '../../deliveries/message.ts'

/** At most so many characters, the last one an ellipsis where something is left out; never half a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text
    .slice(0, most - 1)
    .toWellFormed()
    .replace(/\ufffd$/, '')}…`
}

const SAYS: Readonly<Record<Message['kind'], string>> = {
  fired: 'Alert',
  again: 'Still firing',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
  digest: '',
  test: 'Test',
}

/** One line: "Alert (critical): Spend of vision is over $500". */
export function headline({ kind, severity, title }: Message): string {
  const said = SAYS[kind]
  if (said === '') return title
  return kind === 'test' || severity === 'info' ? `${said}: ${title}` : `${said} (${severity}): ${title}`
}

/** The whole message as plain text. */
export function plainText(message: Message, link: string | null): string {
  const facts = message.facts.map(({ name, value }) => `${name}: ${value}`).join('\n')
  return [message.text, facts, link].filter(Boolean).join('\n\n')
}

/** How grave it looks: a resolved alert is well, whatever it was. */
export function look({ kind, severity }: Pick<Message, 'kind' | 'severity'>): 'good' | 'info' | 'warning' | 'critical' {
  return kind === 'resolved' ? 'good' : severity
}

/** Text of others that is no link where Markdown is read: `[free](https://…)` stays words. */
export function unlinked(text: string): string {
  return text.replaceAll('](', '] (')
}

/** Text inside HTML. */
export function html(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
