import type { Role } from '../user.ts'

/** One page of the product, as the navigation, the breadcrumbs and the command palette know it. */
export type Place = {
  href: string
  name: string
  section: Section
  /** Without it for everybody. */
  roles?: readonly Role[]
  /** Other words that people look for it by. */
  words?: string
  /** It belongs under this page rather than into the navigation. */
  under?: string
  /** The page says itself, step by step, where the reader is. */
  hasOwnTrail?: true
}

/** In the order of the navigation. */
export const SECTIONS = ['Costs', 'Insight', 'Inference', 'Data', 'Company', 'Operations'] as const
export type Section = (typeof SECTIONS)[number]

const MANAGERS = ['admin', 'finance'] as const

/** Every page behind the sign-in. A new page is its file, a line in routes.tsx and a line here. */
export const PLACES: readonly Place[] = [
  { href: '/', name: 'Overview', section: 'Costs', words: 'dashboard home start' },
  { href: '/explore', name: 'Explore', section: 'Costs', words: 'cost by group filter compare' },
  { href: '/jobs', name: 'Jobs', section: 'Costs', words: 'training runs slurm' },
  { href: '/models', name: 'Models', section: 'Costs', words: 'cost per job token' },
  { href: '/utilization', name: 'Utilisation', section: 'Costs', words: 'waste idle capacity' },
  { href: '/statements', name: 'Statements', section: 'Costs', words: 'chargeback showback month close' },
  {
    href: '/gpu-hour',
    name: 'GPU-hour',
    section: 'Costs',
    words: 'node price split',
    roles: MANAGERS,
    under: '/utilization',
  },
  { href: '/explain', name: 'How a figure is made', section: 'Costs', under: '/explore', hasOwnTrail: true },
  { href: '/forecast', name: 'Forecast', section: 'Insight', words: 'month end outlook budget predict' },
  { href: '/anomalies', name: 'Anomalies', section: 'Insight', words: 'unusual spike drop deviation outlier' },
  {
    href: '/recommendations',
    name: 'Recommendations',
    section: 'Insight',
    words: 'advice savings idle commitment rightsizing',
  },
  { href: '/what-if', name: 'What-if', section: 'Insight', words: 'scenario replay price commitment' },
  { href: '/alerts', name: 'Alerts', section: 'Insight', words: 'rules notifications silence acknowledge firing' },
  {
    href: '/channels',
    name: 'Channels',
    section: 'Insight',
    words: 'slack email webhook teams discord pagerduty deliveries notify',
    roles: ['admin', 'finance', 'developer'],
  },
  { href: '/digests', name: 'Digests', section: 'Insight', words: 'daily weekly summary report subscribe' },
  { href: '/requests', name: 'Requests', section: 'Inference', words: 'gateway calls log latency errors' },
  {
    href: '/playground',
    name: 'Playground',
    section: 'Inference',
    words: 'try chat model prompt',
    roles: ['admin', 'developer'],
  },
  { href: '/tokens', name: 'Tokens', section: 'Inference', words: 'metered calls llm' },
  { href: '/keys', name: 'Keys', section: 'Inference', words: 'api key', roles: ['admin', 'finance', 'developer'] },
  {
    href: '/backends',
    name: 'Backends',
    section: 'Inference',
    words: 'vllm openai anthropic provider breaker routing failover',
    roles: ['admin', 'finance', 'developer'],
  },
  {
    href: '/unit-economics',
    name: 'Unit economics',
    section: 'Inference',
    words: 'cost per million tokens deployment margin break-even',
  },
  { href: '/budgets', name: 'Budgets', section: 'Inference', words: 'limits quota spend cap cache bodies' },
  { href: '/prices', name: 'Prices', section: 'Inference', words: 'price book list rate catalogue litellm unpriced' },
  { href: '/imports', name: 'Imports', section: 'Data', words: 'upload file csv focus' },
  { href: '/sources', name: 'Sources', section: 'Data', words: 's3 prometheus opencost nightly', roles: MANAGERS },
  { href: '/costs', name: 'Bill lines', section: 'Data', words: 'cost entries invoice enter', roles: MANAGERS },
  { href: '/usage', name: 'Measured usage', section: 'Data', words: 'gpu hours meter from jobs', roles: MANAGERS },
  {
    href: '/gpu-mapping',
    name: 'GPU mapping',
    section: 'Data',
    words: 'recognise size instance rate',
    roles: MANAGERS,
  },
  { href: '/owner-rules', name: 'Who pays', section: 'Company', words: 'owner rules map account tag', roles: MANAGERS },
  { href: '/teams', name: 'Teams', section: 'Company', words: 'budgets' },
  { href: '/people', name: 'People', section: 'Company', words: 'users roles invite', roles: MANAGERS },
  { href: '/audit', name: 'Audit', section: 'Company', words: 'log changes who', roles: MANAGERS },
  { href: '/settings', name: 'Settings', section: 'Operations', words: 'split method', roles: MANAGERS },
  { href: '/monitoring', name: 'Monitoring', section: 'Operations', words: 'health checks metrics', roles: MANAGERS },
  { href: '/backups', name: 'Backups', section: 'Operations', words: 'restore snapshot download', roles: ['admin'] },
  { href: '/account', name: 'Your account', section: 'Operations', words: 'password sessions', under: '/' },
]
