/** What the reader is told when a sign-in at a provider did not end in one here, by the code in the address. */
export const SSO_WORDS: Readonly<Record<string, string>> = {
  'sso.unknown_provider': 'That way to sign in is not set up here. Choose one below.',
  'sso.provider_unreachable': 'The sign-in service does not answer. Wait a minute, then try again.',
  'sso.provider_refused': 'The sign-in service refused. If it happens again, tell your administrator.',
  'sso.bad_answer':
    'The answer of the sign-in service could not be trusted. If it happens again, tell your administrator.',
  'sso.cancelled': 'You stopped signing in. Nothing has happened; try again whenever you like.',
  'sso.expired': 'That took too long, or the page was opened twice. Start again.',
  'sso.wrong_state': 'That sign-in was begun elsewhere, perhaps in another tab. Start again here.',
  'sso.wrong_issuer': 'The answer came from another sign-in service than the one that was asked. Start again.',
  'sso.wrong_nonce': 'The answer belongs to another sign-in. Start again.',
  'sso.no_email': 'The sign-in service did not tell your e-mail address, which Heliox needs to know you by.',
  'sso.unverified_email':
    'Your e-mail address is not verified at the sign-in service. Verify it there, then try again.',
  'sso.foreign_domain': 'Accounts of your e-mail domain do not have access. Ask an administrator to invite you.',
  'sso.registration_closed': 'There is no account with your e-mail address. Ask an administrator to invite you.',
  'auth.disabled': 'This account is disabled: ask an administrator.',
}

/** The words for a code; one that this page does not know gets a sentence too. */
export function ssoWords(code: string): string {
  return Object.hasOwn(SSO_WORDS, code) ? (SSO_WORDS[code] ?? '') : 'Signing in did not work. Try again.'
}
