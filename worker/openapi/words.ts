import type { ErrorKind } from '../errors.ts'

/** The words of the OpenAPI document that stand in no route: what it is about, tags, errors, fields seen everywhere. */
export const ABOUT = `Everything the dashboard shows and does, for programs. The same rules answer here and at \`/trpc\`.

**Money** is decimal text in US dollars with 2 to 9 fraction digits and no exponent (\`"52073.58"\`): exact to the
nano-dollar, beyond what a binary float holds. Read it with a decimal type. **GPU time** is decimal text in GPU-hours.
**Instants** are ISO 8601 in UTC, **days** are UTC days as \`YYYY-MM-DD\`; a range \`start\` to \`end\` includes both.

**Lists** take \`skip\` and \`limit\` and answer \`total\` and \`has_more\`, in a stable order. \`is_partial\` says that rows
which you may not see are left out, of the list and of every total. Most lists come as CSV with \`Accept: text/csv\`.

**Changes** to one thing: read it, keep its \`ETag\`, and send it back as \`If-Match\`; whoever comes second gets 412 instead of
overwriting the first. Without \`If-Match\` the last one wins. Fields that are left out stay as they are.

**Credentials**: an API key or an access token as \`Authorization: Bearer …\`, an API key as \`X-API-Key\`, or the browser's
session cookie. What belongs to a team of which you are no member does not exist for you: 404.

**Errors** share one shape, \`Error\`. Match on \`error.code\`, which is stable; \`detail\` and \`error.message\` are for people.
\`request_id\` is also in the header \`X-Request-ID\` and in the server's log. After 429 and 503, wait as \`Retry-After\` says.`

/** By the first segment of the path. */
export const TAGS: Readonly<Record<string, string>> = {
  admin: 'The documented ingest and a probe, both for the admin key.',
  analytics: 'What the GPUs cost and who used them; every list adds up to the bill.',
  audit: 'Who did what to which thing, when and from where.',
  auth: 'Accounts, tokens and sessions.',
  costs: 'What was paid, per day, provider and GPU type.',
  deployments: 'Which model is served on which GPUs, from when to when: it takes part in allocation like a job.',
  'currency-rates': 'What other currencies are worth in US dollars, from which day on.',
  prices: 'What tokens of models and GPU-hours cost by list, from which day on, and pricing calls again.',
  demo: 'The demo data, and the way to be rid of it.',
  exports: 'The ledger as files: jobs, costs, and what each team was charged.',
  'gpu-rules': 'Which lines of bills are GPUs, where a bill does not say it in words that are known.',
  'owner-rules': 'Who pays: which accounts, tags, services, regions, users and job names belong to which team.',
  imports: 'Bills and job lists as files, and what became of each row.',
  jobs: 'What ran on which GPUs, for whom, from when to when.',
  gateway: 'Where the gateway sends calls of language models, how those places do, and who is asked first.',
  keys: 'API keys: machines with a team, scopes and limits.',
  live: 'That something has changed, as it happens.',
  ledger: 'What is derived from bills and jobs: whether it holds, and making it anew.',
  monitoring: 'Whether Heliox itself is well.',
  openapi: 'This document.',
  requests: 'Calls of the gateway: list, sums and each by itself.',
  alerts: 'Rules that watch cost, data and the gateway, what they have found, and silences.',
  budgets: 'What calls of the gateway may cost a day or a month, and what is spent of it.',
  'saved-views': 'Addresses of the dashboard that people keep under a name, for themselves or for everybody.',
  search: 'What the asker may see by a part of its name.',
  settings: 'What the company has decided for everybody.',
  channels: 'Where people are told: Slack, e-mail, webhooks and others. Their secrets are written only.',
  backups: 'Copies of the whole database, made every night and on demand.',
  deliveries: 'Messages on their way to channels, and what became of them.',
  digests: 'What a day or a week cost and what stood out, and who is told.',
  sources: 'Where files are pulled from by the clock, and how the pulls went.',
  statements: 'What each team is charged for a month: open ones follow the ledger, closed ones never change.',
  teams: 'Who owns jobs, keys and budgets.',
  uploads: 'Files that are announced first, and large ones that come in parts.',
  usage: 'Measured GPU-hours, per day, provider and GPU type.',
  'token-usage':
    'Metered calls of language models: tokens in disjoint buckets, requests and their cost, which is in no bill.',
  users: 'People, their roles and teams.',
}

/** What each refusal means, with a code that a reader will meet. */
export const REFUSALS: Readonly<Record<ErrorKind | 'internal', { text: string; code: string; message: string }>> = {
  invalid: {
    text: 'The request is wrong; `details` names each field.',
    ...error('request.invalid', 'Invalid request'),
  },
  unauthenticated: {
    text: 'Credentials are missing, wrong or expired.',
    ...error('auth.no_actor', 'Not authenticated: sign in or send a token'),
  },
  forbidden: {
    text: 'The credentials are good, but not for this: another role, scope or team is needed.',
    ...error('auth.role', 'This needs the role admin'),
  },
  not_found: {
    text: 'There is no such thing, or none that you may see.',
    ...error('teams.no_team', 'There is no team team_99'),
  },
  conflict: {
    text: 'It clashes with what is there, such as a name that is taken.',
    ...error('teams.name_taken', 'There already is a team with this name'),
  },
  precondition: {
    text: 'Somebody changed it since you read it: `If-Match` names an older version.',
    ...error('request.version_changed', 'Somebody has changed this in the meantime: read it again'),
  },
  too_large: {
    text: 'The body is too large: 1 MB, for files the limit that the server is set to.',
    ...error('request.too_large', 'The body is larger than 1 MB'),
  },
  limit_reached: {
    text: 'Too many requests, or a limit of the key is used up: wait as `Retry-After` says.',
    ...error('request.rate_limited', 'Too many requests: try again later'),
  },
  unavailable: {
    text: 'Something that is needed does not answer: try again as `Retry-After` says.',
    ...error('database.busy', 'The database is busy: try again'),
  },
  internal: {
    text: 'A bug of ours; its words are in the log beside the request id.',
    ...error('internal', 'Something went wrong'),
  },
}

function error(code: string, message: string) {
  return { code, message }
}

/** Fields that many questions share, for those that do not describe themselves. */
export const FIELDS: Readonly<Record<string, string>> = {
  skip: 'How many rows to leave out at the beginning.',
  limit: 'How many rows to answer at most.',
  start: 'The first day.',
  end: 'The last day, included.',
  basis:
    'How cost is attributed: `allocation` splits the whole bill over the jobs, `usage` leaves idle time apart, `exposure` counts a dollar once per owner that touched it and does not add up.',
  group_by: 'What each series stands for.',
  team_id: 'Id of a team; where it narrows a list it may be given more than once.',
  model_name: 'Name of a model; may be given more than once.',
  provider: 'Name of a provider, in lower case.',
  gpu_type: 'Name of a GPU type, in lower case.',
  status: 'State of the thing.',
  total: 'How many there are in all, beyond this page.',
  has_more: 'There are rows behind this page.',
  is_partial: 'Rows that you may not see are left out, of the list and of every total.',
  dry_run: 'Read and check, store nothing.',
  format: 'What kind of file it is; `auto` finds out.',
  version: 'Changes with the content; the same as the ETag, for `If-Match`.',
}
