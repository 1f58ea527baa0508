import type { Mail } from './kind.ts'

/** Who sends e-mails for us over HTTPS. */
export type MailProvider = {
  id: string
  label: string
  /** Its own address; another one takes its place, such as that of its European region. */
  endpoint: string
  path: (config: { domain: string }) => string
  headers: (apiKey: string, key: string) => Record<string, string>
  body: (mail: Mail) => string
  /** Whether an answer with 200 says that it was taken. */
  accepts: (body: string) => boolean
}

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json' }

/**
 * Their forms as data, by their public documentation: resend.com/docs/dashboard/emails/idempotency-keys
 * (Idempotency-Key: the same one within 24 hours sends nothing twice), postmarkapp.com/developer/user-guide/send-email-with-api
 * (ErrorCode 0 is success), documentation.mailgun.com/docs/mailgun/api-reference (Basic auth as `api`, a form; another host
 * for the EU).
 */
export const MAIL_PROVIDERS: readonly MailProvider[] = [
  {
    id: 'resend',
    label: 'Resend',
    endpoint: 'https://api.resend.com',
    path: () => '/emails',
    headers: (apiKey, key) => ({ ...JSON_TYPE, authorization: `Bearer ${apiKey}`, 'idempotency-key': key }),
    body: ({ from, to, subject, text, html, headers }) => JSON.stringify({ from, to, subject, text, html, headers }),
    accepts: () => true,
  },
  {
    id: 'postmark',
    label: 'Postmark',
    endpoint: 'https://api.postmarkapp.com',
    path: () => '/email',
    headers: (apiKey) => ({ ...JSON_TYPE, 'x-postmark-server-token': apiKey }),
    body: ({ from, to, subject, text, html, headers }) =>
      JSON.stringify({
        ...{ From: from, To: to.join(','), Subject: subject, TextBody: text, HtmlBody: html },
        Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
        MessageStream: 'outbound',
      }),
    accepts: (body) => !/"ErrorCode"\s*:\s*[1-9]/.test(body),
  },
  {
    id: 'mailgun',
    label: 'Mailgun',
    endpoint: 'https://api.mailgun.net',
    path: ({ domain }) => `/v3/${encodeURIComponent(domain)}/messages`,
    headers: (apiKey) => ({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`,
    }),
    body: ({ from, to, subject, text, html, headers }) =>
      new URLSearchParams([
        ...Object.entries({ from, to: to.join(','), subject, text, html }),
        ...Object.entries(headers).map(([name, value]) => [`h:${name}`, value] as [string, string]),
      ]).toString(),
    accepts: () => true,
  },
]
