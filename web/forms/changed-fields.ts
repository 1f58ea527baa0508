/** The trimmed text of each field. */
export type Texts<Name extends string> = Record<Name, string>

/** What the fields of a form say, trimmed; '' for one that is not there. */
export function textsIn<Name extends string>(form: FormData, names: readonly Name[]): Texts<Name> {
  const entries = names.map((name) => [name, String(form.get(name) ?? '').trim()])
  return Object.fromEntries(entries) as Texts<Name>
}

/**
 * Of what the fields say that which is not as it was: a change sends nothing else, so that what another rule follows (an
 * amortised amount, a time finer than its field) stays as it is stored. Without `before` all that is said at all.
 */
export function changedTexts<Name extends string>(now: Texts<Name>, before: Texts<Name> | null): Partial<Texts<Name>> {
  const entries = (Object.entries(now) as [Name, string][]).filter(([name, text]) =>
    before ? text !== before[name] : text !== '',
  )
  return Object.fromEntries(entries) as Partial<Texts<Name>>
}
