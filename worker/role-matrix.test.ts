import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { users } from '../db/schema/users.ts'
import type { TeamId } from '../db/units/ids.ts'
import { appRouter } from './router.ts'
import { restRoutes } from './routes.ts'
import type { Role } from './scope.ts'
import { ADMIN_KEY, OPEN } from './testing.ts'
import { type Caller, MARK, makeWorld, OTHER, OWN, PASSWORD, type World } from './testing-world.ts'
import { snakeKeys } from './wire.ts'

const ROLES = ['admin', 'finance', 'developer', 'viewer'] as const satisfies readonly Role[]

/**
 * What happens to those who see only their teams, where the thing, or the team that the input names, is another's:
 * `hidden` 404, as if it were not there; `refused` 403; `quiet` an answer without anything of that team; `quarantined` a
 * file of which nothing is stored. `company`: the thing is the whole company's, 404 for them in any case. `personal`:
 * another person's, 404 for everybody. `same`: it belongs to no team.
 */
type Other = 'hidden' | 'refused' | 'quiet' | 'quarantined' | 'company' | 'personal' | 'same'
type Input = Record<string, unknown> & { file?: string }
type MakeInput = (world: World, team: TeamId, caller: Caller) => Promise<Input> | Input
type Row = {
  what: string
  rest: string | null
  trpc: string | null
  may: readonly Role[]
  other: Other
  input: MakeInput
}

const ALL: readonly Role[] = ROLES
const ADMIN: readonly Role[] = ['admin']
const SEES_ALL: readonly Role[] = ['admin', 'finance']
const WORKS: readonly Role[] = ['admin', 'developer']
const HAS_KEYS: readonly Role[] = ['admin', 'finance', 'developer']

const nothing = () => ({})
const days = { start: '2026-01-01', end: '2026-01-14' }
const window = () => days
const madeBackup = async ({ backup }: World) => ({ id: await backup() })
const january = () => ({ month: '2026-01' })

/** Every procedure and route that needs a credential; one that is missing fails the first test below. */
const MATRIX: Row[] = [
  ...thing('team', 'teams', { reads: ALL, creates: ADMIN, updates: SEES_ALL, removes: ADMIN }, ['hidden', 'same'], {
    one: (_, team) => ({ id: team }),
    made: ({ next }) => ({ name: next() }),
    changed: (_, team) => ({ id: team, budgetUsd: '1000' }),
    gone: async (world) => ({ id: await world.team() }),
  }),
  ...thing('job', 'jobs', { reads: ALL, creates: WORKS, updates: WORKS, removes: WORKS }, ['hidden', 'refused'], {
    one: async (world, team) => ({ id: await world.job(team) }),
    made: (world, team) => world.jobBody(team),
    changed: async (world, team) => ({ id: await world.job(team), modelName: 'changed' }),
    gone: async (world, team) => ({ id: await world.job(team) }),
  }),
  ...thing('cost entry', 'costs', { reads: ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN }, ['company', 'same'], {
    one: async (world) => ({ id: await world.cost() }),
    made: (world) => world.costBody(),
    changed: async (world) => ({ id: await world.cost(), costUsd: '7.00' }),
    gone: async (world) => ({ id: await world.cost() }),
  }),
  row('total of cost entries', 'GET /costs/total', 'costs.total', ALL, 'quiet', window),
  ...thing(
    'measured usage',
    'usage',
    { reads: ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['company', 'same'],
    {
      one: async (world) => ({ id: await world.usage() }),
      made: (world) => world.usageBody(),
      changed: async (world) => ({ id: await world.usage(), gpuHours: '3' }),
      gone: async (world) => ({ id: await world.usage() }),
    },
  ),
  row('total of measured usage', 'GET /usage/total', 'usage.total', ALL, 'quiet', window),
  row('usage from jobs', 'POST /usage/from-jobs', 'usage.fromJobs', ADMIN, 'same', window),
  row('list of metered calls', 'GET /token-usage', 'tokenUsage.list', ALL, 'quiet', nothing),
  row('metered calls of a team', 'GET /token-usage', 'tokenUsage.list', ALL, 'refused', (_, team) => ({
    teamId: team,
  })),
  row('tokens by model', 'GET /token-usage/total', 'tokenUsage.total', ALL, 'quiet', nothing),
  row('tokens of a team', 'GET /token-usage/total', 'tokenUsage.total', ALL, 'refused', (_, team) => ({
    teamId: team,
  })),
  row('send a log of requests', 'POST /imports', null, WORKS, 'quarantined', (world, team) => ({
    ...{ format: 'requests-csv', file: world.requestsFile(team) },
  })),

  row('calls of the gateway', 'GET /requests', 'requests.list', ALL, 'quiet', nothing),
  row('calls of a team', 'GET /requests', 'requests.list', ALL, 'refused', (_, team) => ({ teamId: team })),
  row('sums of calls', 'GET /requests/total', 'requests.total', ALL, 'quiet', nothing),
  row('refused calls', 'GET /requests/refused', 'requests.refused', ALL, 'quiet', nothing),
  row('what calls can be narrowed by', 'GET /requests/facets', 'requests.facets', ALL, 'quiet', nothing),
  row('one call', 'GET /requests/:id', 'requests.get', ALL, 'hidden', async (world, team) => ({
    id: await world.request(team),
  })),

  ...answer('cost per day', 'cost/daily', 'daily'),
  ...answer('cost per team', 'cost/by-team', 'byTeam'),
  ...answer('cost per model', 'cost/by-model', 'byModel'),
  ...answer('cost per provider', 'cost/by-provider', 'byProvider'),
  ...answer('cost per GPU type', 'cost/by-gpu-type', 'byGpuType'),
  ...answer('explorer', 'explore', 'explore', { groupBy: ['week', 'team'], compare: 'previous' }),
  ...answer('reconciliation', 'reconciliation', 'reconciliation'),
  ...answer('unit economics of models', 'models', 'models'),
  row('forecast', 'GET /analytics/forecast', 'analytics.forecast', ALL, 'quiet', () => ({ groupBy: 'team' })),
  row('forecast of a team', 'GET /analytics/forecast', 'analytics.forecast', ALL, 'refused', (_, team) => ({
    teamId: [team],
  })),
  row('budget outlook', 'GET /analytics/budget-outlook', 'analytics.budgetOutlook', ALL, 'quiet', nothing),
  row('cost of nodes', 'GET /analytics/node-cost', 'analytics.nodeCost', SEES_ALL, 'same', window),
  row('ways to split a node', 'GET /analytics/node-split-methods', 'analytics.nodeSplitMethods', ALL, 'same', nothing),
  ...thing(
    'deployment',
    'deployments',
    { reads: ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.deployment() }),
      made: (world) => world.deploymentBody(),
      changed: async (world) => ({ id: await world.deployment(), gpuCount: 2 }),
      gone: async (world) => ({ id: await world.deployment() }),
    },
  ),
  row('what a million tokens cost', 'GET /analytics/unit-economics', 'analytics.unitEconomics', ALL, 'quiet', window),
  row('recommendations', 'GET /analytics/recommendations', 'analytics.recommendations', ALL, 'quiet', nothing),
  row(
    'recommendations of a team',
    'GET /analytics/recommendations',
    'analytics.recommendations',
    ...([ALL, 'refused', (_: World, team: TeamId) => ({ teamId: team })] as const),
  ),
  row(
    'recommendation',
    'GET /analytics/recommendations/:key',
    'recommendations.get',
    ALL,
    'hidden',
    async (world, team) => ({
      key: await world.advice(team),
    }),
  ),
  row(
    'decide on a recommendation',
    'PUT /analytics/recommendations/:key',
    'recommendations.decide',
    ...([
      HAS_KEYS,
      'hidden',
      async (world: World, team: TeamId) => ({ key: await world.advice(team), status: 'done' }),
    ] as const),
  ),
  row(
    'check a saving',
    'POST /analytics/recommendations/:key/verify',
    'recommendations.verify',
    ...([
      HAS_KEYS,
      'hidden',
      async (world: World, team: TeamId) => ({ key: await world.advice(team, 'done') }),
    ] as const),
  ),
  row('ledger under other prices', 'GET /analytics/what-if', 'analytics.replay', ALL, 'quiet', () => ({
    ...{ ...days, gpuPercent: '*/*=-10' },
  })),
  row('the same by body', 'POST /analytics/what-if', null, ALL, 'quiet', () => ({ ...days, gpuPercent: '*/*=-10' })),
  row('what if', 'GET /analytics/unit-economics/what-if', 'analytics.whatIf', SEES_ALL, 'same', async (world) => ({
    ...{ start: '2026-01-05', end: '2026-01-05', model: await world.servedModel() },
  })),
  ...answer('waste', 'waste', 'waste'),
  ...answer('utilization', 'utilization', 'utilization'),
  ...answer('anomalies', 'anomalies', 'anomalies'),
  row(
    'say what an anomaly was',
    'POST /analytics/anomalies/verdict',
    'analytics.decideAnomaly',
    HAS_KEYS,
    'hidden',
    async (world, team) => ({ key: await world.anomaly(team), verdict: 'planned' }),
  ),
  row(
    'take back what was said of an anomaly',
    'DELETE /analytics/anomalies/verdict',
    'analytics.undoAnomaly',
    HAS_KEYS,
    'hidden',
    async (world, team) => ({ key: await world.anomaly(team) }),
  ),
  ...answer('cost per job', 'cost/by-job', 'byJob'),
  ...answer('what a figure is made of', 'explain', 'explain'),
  row('bill lines behind a figure', 'GET /analytics/explain/lines', 'analytics.billLines', SEES_ALL, 'same', window),
  row('total of jobs', 'GET /jobs/total', 'jobs.total', ALL, 'quiet', nothing),
  row('total of jobs, of a team', 'GET /jobs/total', 'jobs.total', ALL, 'refused', (_, team) => ({ teamId: team })),
  row('why a job cost what it did', 'GET /jobs/:id/cost', 'jobs.cost', ALL, 'hidden', async (world, team) => ({
    ...{ id: await world.job(team) },
  })),
  row('state of the ledger', 'GET /ledger', 'ledger.state', ADMIN, 'same', nothing),
  row('check the ledger', 'POST /ledger/check', 'ledger.check', ADMIN, 'same', nothing),
  row('make the ledger anew', 'POST /ledger/rebuild', 'ledger.rebuild', ADMIN, 'same', nothing),
  row('backups', 'GET /backups', 'backups.list', ADMIN, 'same', nothing),
  row('a backup now', 'POST /backups', 'backups.create', ADMIN, 'same', nothing),
  row('a backup read back', 'POST /backups/:id/verify', 'backups.verify', ADMIN, 'same', madeBackup),
  row('a backup as a file', 'GET /backups/:id/file', null, ADMIN, 'same', madeBackup),
  row('how Heliox itself is', 'GET /monitoring', 'monitoring.state', SEES_ALL, 'same', nothing),
  row('that something changed', 'GET /live', null, ALL, 'same', () => ({ seconds: 0 })),
  row('first and last day', 'GET /analytics/extent', 'analytics.extent', ALL, 'quiet', nothing),

  row('jobs as CSV', 'GET /exports/jobs.csv', null, ALL, 'quiet', nothing),
  row('costs as CSV', 'GET /exports/costs.csv', null, SEES_ALL, 'same', window),
  row('allocated costs as FOCUS', 'GET /exports/focus.csv', null, SEES_ALL, 'same', window),

  row('send a file of jobs', 'POST /imports', null, WORKS, 'quarantined', (world, team) => ({
    ...{ format: 'jobs-csv', file: world.jobsFile(team) },
  })),
  row('formats of files', 'GET /imports/formats', 'imports.formats', ALL, 'same', nothing),
  row('list of imports', 'GET /imports', 'imports.list', ALL, 'quiet', nothing),
  row('one import', 'GET /imports/:import_id', 'imports.get', ALL, 'hidden', importOf),
  row('what an import restated', 'GET /imports/:import_id/bills', 'imports.bills', ALL, 'hidden', importOf),
  row('refused rows as a file', 'GET /imports/:import_id/rejects', null, ALL, 'hidden', importWithRejects),
  row('read refused rows again', 'POST /imports/:import_id/retry', 'imports.retry', WORKS, 'hidden', importWithRejects),
  row('progress of an import', 'GET /imports/:import_id/events', null, ALL, 'hidden', importOf),
  row('stop an import', 'POST /imports/:import_id/cancel', 'imports.cancel', WORKS, 'hidden', importAnnounced),
  row('read a kept file again', 'POST /imports/:import_id/replay', 'imports.replay', WORKS, 'hidden', deadImport),
  row('announce a file', 'POST /uploads', 'uploads.announce', WORKS, 'same', nothing),
  row('one announced file', 'GET /uploads/:upload_id', 'uploads.get', WORKS, 'hidden', uploadIn('announced')),
  row('send a part', 'PUT /uploads/:upload_id/parts/:part', null, WORKS, 'hidden', async (world, team) => ({
    ...{ uploadId: await world.uploadOf(team), part: 1, file: world.jobsFile(team) },
  })),
  row(
    'all parts are there',
    'POST /uploads/:upload_id/complete',
    'uploads.complete',
    WORKS,
    'hidden',
    uploadIn('part'),
  ),
  row('give a file up', 'DELETE /uploads/:upload_id', 'uploads.discard', WORKS, 'hidden', uploadIn('part')),
  row('remove an import', 'DELETE /imports/:import_id', 'imports.remove', WORKS, 'hidden', importOf),
  row('rows an import refused', 'GET /imports/:import_id/errors', 'imports.errors', ALL, 'hidden', importOf),
  row('why an import refused rows', 'GET /imports/:import_id/reasons', 'imports.reasons', ALL, 'hidden', importOf),
  row('is there demo data', 'GET /demo', 'demo.status', ALL, 'same', nothing),
  row('load the demo data', 'POST /demo', 'demo.load', ADMIN, 'same', async (world) => {
    await world.demo()
    return {}
  }),
  row('remove the demo data', 'DELETE /demo', 'demo.remove', ADMIN, 'same', nothing),

  ...thing(
    'currency rate',
    'currency-rates',
    { reads: SEES_ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.rate() }),
      made: (world) => world.rateBody(),
      changed: async (world) => ({ id: await world.rate(), usdPerUnit: '2' }),
      gone: async (world) => ({ id: await world.rate() }),
    },
    'rates',
  ),
  ...thing(
    'price of a model',
    'prices/models',
    { reads: ALL, creates: SEES_ALL, updates: SEES_ALL, removes: SEES_ALL },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.price() }),
      made: (world) => world.priceBody(),
      changed: async (world) => ({ id: await world.price(), source: 'changed' }),
      gone: async (world) => ({ id: await world.price() }),
    },
    'prices.models',
  ),
  ...thing(
    'price of a GPU-hour',
    'prices/gpus',
    { reads: ALL, creates: SEES_ALL, updates: SEES_ALL, removes: SEES_ALL },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.gpuPrice() }),
      made: (world) => world.gpuPriceBody(),
      changed: async (world) => ({ id: await world.gpuPrice(), source: 'changed' }),
      gone: async (world) => ({ id: await world.gpuPrice() }),
    },
    'prices.gpus',
  ),
  row('take a price map, as text', null, 'prices.import', SEES_ALL, 'same', () => ({ dryRun: true, text: '{}' })),
  row('take a price map', 'POST /prices/import', null, SEES_ALL, 'same', () => ({ dryRun: true, file: '{}' })),
  row('models without a price', 'GET /prices/unpriced', 'prices.unpriced', ALL, 'quiet', nothing),
  row('price calls again', 'POST /prices/reprice', 'prices.reprice', SEES_ALL, 'same', () => ({
    ...{ from: '2026-01-01', to: '2026-01-02' },
  })),
  ...thing(
    'GPU rule',
    'gpu-rules',
    { reads: SEES_ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.rule() }),
      made: (world) => world.ruleBody(),
      changed: async (world) => ({ id: await world.rule(), note: 'changed' }),
      gone: async (world) => ({ id: await world.rule() }),
    },
    'gpuRules',
  ),
  ...thing(
    'rule on who pays',
    'owner-rules',
    { reads: SEES_ALL, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['same', 'same'],
    {
      one: async (world) => ({ id: await world.ownerRule() }),
      made: (world) => world.ownerRuleBody(),
      changed: async (world) => ({ id: await world.ownerRule(), note: 'changed' }),
      gone: async (world) => ({ id: await world.ownerRule() }),
    },
    'ownerRules',
  ),
  row(
    'put rules on who pays in order',
    'POST /owner-rules/order',
    'ownerRules.reorder',
    ADMIN,
    'same',
    async (world) => ({
      ids: await world.ownerRuleIds(),
    }),
  ),
  row('what rules on who pays would move', 'GET /owner-rules/preview', 'ownerRules.preview', SEES_ALL, 'same', nothing),
  row('apply the rules on who pays', 'POST /owner-rules/apply', 'ownerRules.applyAll', ADMIN, 'same', nothing),
  row('applied rules on who pays', 'GET /owner-rules/history', 'ownerRules.history', SEES_ALL, 'same', nothing),
  row('what a GPU rule would move', 'POST /gpu-rules/preview', 'gpuRules.preview', ADMIN, 'same', (world) =>
    world.ruleBody(),
  ),
  row('apply a GPU rule again', 'POST /gpu-rules/:id/apply', 'gpuRules.reapply', ADMIN, 'same', async (world) => ({
    id: await world.rule(),
  })),
  row('recognised GPUs', 'GET /gpu-rules/recognised', 'gpuRules.recognised', SEES_ALL, 'same', window),
  row('unrecognised lines', 'GET /gpu-rules/unrecognised', 'gpuRules.unrecognised', SEES_ALL, 'same', window),
  row('list of sources', 'GET /sources', 'sources.list', SEES_ALL, 'same', nothing),
  row('kinds of sources', 'GET /sources/kinds', 'sources.kinds', SEES_ALL, 'same', nothing),
  row('one source', 'GET /sources/:id', 'sources.get', SEES_ALL, 'same', sourceOf),
  row('set up a source', 'POST /sources', 'sources.create', ADMIN, 'same', (world) => world.sourceBody()),
  row('try a source', 'POST /sources/test', 'sources.test', ADMIN, 'same', (world) => {
    const { name, isEnabled, ...body } = world.sourceBody()
    return body
  }),
  row('change a source', 'PUT /sources/:id', 'sources.update', ADMIN, 'same', async (world) => ({
    ...{ id: await world.source(), name: world.next() },
  })),
  row('remove a source', 'DELETE /sources/:id', 'sources.remove', ADMIN, 'same', sourceOf),
  row('pull a source now', 'POST /sources/:id/run', 'sources.run', ADMIN, 'same', sourceOf),
  row('runs of a source', 'GET /sources/:id/runs', 'sources.runs', SEES_ALL, 'same', sourceOf),

  row('list of backends', 'GET /gateway/backends', 'backends.list', HAS_KEYS, 'same', nothing),
  row('one backend', 'GET /gateway/backends/:id', 'backends.get', HAS_KEYS, 'same', backendOf),
  row('declare a backend', 'POST /gateway/backends', 'backends.create', ADMIN, 'same', (world) => world.backendBody()),
  row('try a backend’s fields', 'POST /gateway/backends/test', 'backends.test', ADMIN, 'same', (world) => {
    const { name, models, ...body } = world.backendBody()
    return body
  }),
  row('change a backend', 'PUT /gateway/backends/:id', 'backends.update', ADMIN, 'same', async (world) => ({
    ...(await backendOf(world)),
    weight: 2,
  })),
  row('remove a backend', 'DELETE /gateway/backends/:id', 'backends.remove', ADMIN, 'same', backendOf),
  row('try a backend', 'POST /gateway/backends/:id/try', 'backends.try', ADMIN, 'same', backendOf),
  row('models and their backends', 'GET /gateway/routes', 'backends.routes', HAS_KEYS, 'same', nothing),
  row('route a model', 'PUT /gateway/routes', 'backends.setRoute', ADMIN, 'same', async (world) => {
    const { models } = await world.heliox.json<{ models: { model: string }[] }>(
      `/api/v1/gateway/backends/${await world.backend()}`,
    )
    return { model: models[0]?.model, strategy: 'least-latency' }
  }),

  ...thing(
    'channel',
    'channels',
    { reads: HAS_KEYS, creates: ADMIN, updates: ADMIN, removes: ADMIN },
    ['hidden', 'same'],
    {
      one: async (world, team) => ({ id: await world.channel(team) }),
      made: (world, team) => world.channelBody(team),
      changed: async (world, team) => ({ id: await world.channel(team), name: world.next(team) }),
      gone: async (world, team) => ({ id: await world.channel(team) }),
    },
  ),
  row('kinds of channels', 'GET /channels/kinds', 'channels.kinds', HAS_KEYS, 'same', nothing),
  row('send a test message', 'POST /channels/:id/test', 'channels.test', ADMIN, 'hidden', async (world, team) => ({
    id: await world.channel(team),
  })),
  row('list of deliveries', 'GET /deliveries', 'deliveries.list', HAS_KEYS, 'quiet', nothing),
  row('one delivery', 'GET /deliveries/:id', 'deliveries.get', HAS_KEYS, 'hidden', deliveryOf),
  row('send a message anew', 'POST /deliveries/:id/retry', 'deliveries.retry', ADMIN, 'hidden', deliveryOf),
  ...thing(
    'digest',
    'digests',
    { reads: ALL, creates: HAS_KEYS, updates: HAS_KEYS, removes: HAS_KEYS },
    ['hidden', 'refused'],
    {
      one: async (world, team) => ({ id: await world.digest(team) }),
      made: (world, team) => world.digestBody(team),
      changed: async (world, team) => ({ id: await world.digest(team), hourUtc: 5 }),
      gone: async (world, team) => ({ id: await world.digest(team) }),
    },
  ),
  row('digest of a day', 'GET /digests/preview', 'digests.preview', ALL, 'quiet', () => ({ day: '2026-01-05' })),
  row('digest of a team', 'GET /digests/preview', 'digests.preview', ALL, 'refused', (_, team) => ({
    ...{ period: 'week', day: '2026-01-05', teamId: team },
  })),
  row('list of alerts', 'GET /alerts', 'alerts.list', ALL, 'quiet', nothing),
  row('alerts of a team', 'GET /alerts', 'alerts.list', ALL, 'refused', (_, team) => ({ teamId: team })),
  row('one alert', 'GET /alerts/:id', 'alerts.get', ALL, 'hidden', alertOf),
  row('acknowledge an alert', 'POST /alerts/:id/acknowledge', 'alerts.acknowledge', HAS_KEYS, 'hidden', alertOf),
  row('close an alert', 'POST /alerts/:id/resolve', 'alerts.resolve', HAS_KEYS, 'hidden', alertOf),
  row('kinds of alert rules', 'GET /alerts/kinds', 'alerts.kinds', ALL, 'same', nothing),
  row('channels for alert rules', 'GET /alerts/channels', 'alerts.channels', HAS_KEYS, 'quiet', nothing),
  row('list of alert rules', 'GET /alerts/rules', 'alerts.rules', ALL, 'quiet', nothing),
  row('one alert rule', 'GET /alerts/rules/:id', 'alerts.rule', ALL, 'hidden', alertRuleOf),
  row('make an alert rule', 'POST /alerts/rules', 'alerts.createRule', HAS_KEYS, 'refused', (world, team) =>
    world.alertRuleBody(team),
  ),
  row(
    'change an alert rule',
    'PUT /alerts/rules/:id',
    'alerts.updateRule',
    HAS_KEYS,
    'hidden',
    async (world, team) => ({
      ...(await alertRuleOf(world, team)),
      repeatMinutes: 60,
    }),
  ),
  row('remove an alert rule', 'DELETE /alerts/rules/:id', 'alerts.removeRule', HAS_KEYS, 'hidden', alertRuleOf),
  row('try an alert rule', 'POST /alerts/rules/:id/try', 'alerts.tryRule', HAS_KEYS, 'hidden', alertRuleOf),
  row('list of silences', 'GET /alerts/silences', 'alerts.silences', ALL, 'quiet', nothing),
  row('silence a team’s alerts', 'POST /alerts/silences', 'alerts.silence', HAS_KEYS, 'refused', (_, team) => ({
    teamId: team,
    minutes: 5,
  })),
  row('end a silence', 'DELETE /alerts/silences/:id', 'alerts.unsilence', HAS_KEYS, 'hidden', async (world, team) => ({
    id: await world.silence(team),
  })),

  row('settings', 'GET /settings', 'settings.get', ALL, 'same', nothing),
  row('change a setting', 'PUT /settings', 'settings.update', ADMIN, 'same', () => ({
    nodeSplitMethod: { method: 'all-gpu' },
  })),

  row('list of saved views', 'GET /saved-views', 'savedViews.list', ALL, 'same', nothing),
  row('one saved view', 'GET /saved-views/:id', 'savedViews.get', ALL, 'personal', viewOf),
  row('save a view', 'POST /saved-views', 'savedViews.create', ALL, 'same', (world) => world.viewBody()),
  row('share a saved view', 'POST /saved-views', 'savedViews.create', HAS_KEYS, 'same', (world) => ({
    ...world.viewBody(),
    isShared: true,
  })),
  row('change a saved view', 'PUT /saved-views/:id', 'savedViews.update', ALL, 'personal', async (...asked) => ({
    ...(await viewOf(...asked)),
    isShared: false,
  })),
  row('forget a saved view', 'DELETE /saved-views/:id', 'savedViews.remove', ALL, 'personal', viewOf),
  row('search', 'GET /search', 'search.find', ALL, 'quiet', () => ({ q: MARK })),

  row('months and their statements', 'GET /statements', 'statements.list', ALL, 'same', nothing),
  row('statement of a month', 'GET /statements/:month', 'statements.get', ALL, 'quiet', january),
  row('statement of a team', 'GET /statements/:month', 'statements.get', ALL, 'refused', (_, team) => ({
    ...{ month: '2026-01', teamId: team },
  })),
  row('lines of a statement', 'GET /statements/:month/lines', null, ALL, 'quiet', january),
  row(
    'try a shared-cost split',
    'POST /statements/:month/preview-split',
    'statements.previewSplit',
    SEES_ALL,
    'same',
    () => ({ ...january(), split: { method: 'even' } }),
  ),
  row('close a month', 'POST /statements/:month/close', 'statements.close', SEES_ALL, 'same', async (world) => ({
    month: await world.monthBefore(),
  })),

  row('list of people', 'GET /users', 'users.list', SEES_ALL, 'same', nothing),
  row('one person', 'GET /users/:id', 'users.get', SEES_ALL, 'same', person),
  row('invite a person', 'POST /users', 'users.invite', ADMIN, 'same', (world, team) => ({
    ...{ email: `${world.next()}@example.com`, role: 'developer', teamIds: [team] },
  })),
  row('change a person', 'PUT /users/:id', 'users.update', ADMIN, 'same', async (world) => ({
    ...{ id: await world.user(), role: 'finance' },
  })),
  row('remove a person', 'DELETE /users/:id', 'users.remove', ADMIN, 'same', person),
  row('make a password link', 'POST /users/:id/reset-link', 'users.resetLink', ADMIN, 'same', person),

  row('list of keys', 'GET /keys', 'keys.list', HAS_KEYS, 'quiet', nothing),
  row('one key', 'GET /keys/:id', 'keys.get', HAS_KEYS, 'hidden', keyOf),
  row('make a key', 'POST /keys', 'keys.create', WORKS, 'refused', (world, team) => world.keyBody(team)),
  row('change a key', 'PUT /keys/:id', 'keys.update', WORKS, 'hidden', async (world, team) => ({
    ...{ id: await world.key(team), rpm: 10 },
  })),
  row('rotate a key', 'POST /keys/:id/rotate', 'keys.rotate', WORKS, 'hidden', keyOf),
  row('revoke a key', 'DELETE /keys/:id', 'keys.revoke', WORKS, 'hidden', keyOf),

  ...thing(
    'budget',
    'budgets',
    { reads: ALL, creates: SEES_ALL, updates: SEES_ALL, removes: SEES_ALL },
    ['hidden', 'same'],
    {
      one: async (world, team) => ({ id: await world.budget(team) }),
      made: (world, team) => world.budgetBody(team),
      changed: async (world, team) => ({ id: await world.budget(team), limitUsd: '7' }),
      gone: async (world, team) => ({ id: await world.budget(team) }),
    },
  ),

  row('what a team decided about calls', 'GET /teams/:id/gateway', 'teamGateway.get', ALL, 'hidden', (_, team) => ({
    id: team,
  })),
  row('decide about a team’s calls', 'PUT /teams/:id/gateway', 'teamGateway.update', ADMIN, 'same', (_, team) => ({
    ...{ id: team, bodyDays: 20 },
  })),

  row('audit log', 'GET /audit', 'audit.list', SEES_ALL, 'same', nothing),

  row('who am I', 'GET /auth/me', null, ALL, 'same', nothing),
  row(
    'change my password',
    'POST /auth/password',
    'auth.changePassword',
    ALL,
    'same',
    async ({ heliox, hash }, _, { userId }) => {
      await heliox.db.update(users).set({ passwordHash: hash }).where(eq(users.id, userId))
      return { currentPassword: PASSWORD, newPassword: 'an old pier and a gull' }
    },
  ),
  row('my sessions', 'GET /auth/sessions', 'sessions.list', ALL, 'same', nothing),
  row('end a session', 'DELETE /auth/sessions/:id', 'sessions.end', ALL, 'personal', async (world, team, caller) => ({
    id: await world.sessionOf(team === OWN ? caller : null),
  })),
  row('end my other sessions', 'DELETE /auth/sessions', 'sessions.endOthers', ALL, 'same', nothing),
]

/** The documented paths that take the deployment's admin key, and no person. */
const BY_ADMIN_KEY = ['POST /admin/ingest/cost/:source', 'POST /admin/ingest/jobs/:source', 'GET /admin/health']

const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  isQuery: (procedure as unknown as { _def: { type: string } })._def.type === 'query',
}))

test('every procedure and every route is in the matrix, is open on purpose, or takes the admin key', () => {
  const listed = new Set([...MATRIX.flatMap(({ rest, trpc }) => [rest, trpc]), ...OPEN, ...BY_ADMIN_KEY])
  const all = [...restRoutes.map(({ method, path }) => `${method} ${path}`), ...procedures.map(({ path }) => path)]
  expect(all.filter((name) => !listed.has(name))).toEqual([])
  expect([...listed].filter((name) => name !== null && !all.includes(name))).toEqual([])
})

test('every role meets on both wires what the matrix says, on its own and on another team’s things', async () => {
  const world = await makeWorld()
  const wrong: unknown[] = []
  let marksSeen = 0
  for (const row of MATRIX)
    for (const role of ROLES)
      for (const team of [OWN, OTHER])
        for (const wire of ['rest', 'trpc'] as const) {
          const name = row[wire]
          if (name === null) continue
          const caller = await world.heliox.as(role, [OWN])
          const { status, text } = await send(caller, name, await row.input(world, team, caller))
          const wanted = expected(row, role, team === OWN)
          const isMarked = text.toLowerCase().includes(MARK)
          const isRestricted = role === 'developer' || role === 'viewer'
          if (row.other === 'quiet' && isMarked) marksSeen += 1
          if (row.other === 'quarantined' && team === OTHER && isRestricted && wanted === 200)
            expect(JSON.parse(text).result).toMatchObject({ inserted: 0, updated: 0, failed: 1 })
          else if (isRestricted && isMarked) wrong.push([name, role, team, 'tells of the other team', text])
          if ((wanted === 200 ? Math.floor(status / 100) : status) !== (wanted === 200 ? 2 : wanted))
            wrong.push([name, role, team === OWN ? 'own' : 'other', { wanted, status }, text.slice(0, 200)])
        }
  expect(wrong).toEqual([])
  expect(marksSeen).toBeGreaterThan(20) // those who see all do see the other team: the silence means something
  await expect(asTable()).toMatchFileSnapshot('../docs/roles.md')
}, 300_000)

test('the documented admin paths take the admin key and no person, whatever the role', async () => {
  const { heliox } = await makeWorld()
  for (const path of ['/admin/ingest/cost/mock', '/admin/ingest/jobs/mock', '/admin/health']) {
    const method = path.endsWith('health') ? 'GET' : 'POST'
    for (const role of ROLES)
      expect((await (await heliox.as(role, [OWN])).write(method, `/api/v1${path}`)).status).toBe(401)
    const keyed = heliox.callerWith({ 'x-api-key': ADMIN_KEY })
    expect((await keyed.write(method, `/api/v1${path}`)).status).toBe(200)
  }
})

function expected({ may, other }: Row, role: Role, isOwn: boolean): 200 | 403 | 404 {
  if (!may.includes(role)) return 403
  if (other === 'personal') return isOwn ? 200 : 404
  if (role === 'admin' || role === 'finance') return 200
  if (other === 'company') return 404
  if (isOwn) return 200
  return other === 'hidden' ? 404 : other === 'refused' ? 403 : 200
}

/** One call as a client would make it, by the name of its route or procedure. */
async function send(caller: Caller, name: string, { file, ...input }: Input) {
  const [method, pattern] = name.split(' ')
  const response = pattern
    ? await sendRest(caller, method ?? '', pattern, input, file)
    : await sendTrpc(caller, name, input)
  return { status: response.status, text: await response.text() }
}

function sendRest(caller: Caller, method: string, pattern: string, input: Input, file?: string): Promise<Response> {
  const left = { ...(snakeKeys(input) as Record<string, unknown>) }
  const path = pattern.replace(/:(\w+)/g, (_, param: string) => {
    const value = String(left[param])
    delete left[param]
    return value
  })
  const query = new URLSearchParams(
    Object.entries(left).flatMap(([key, value]) => [value].flat().map((one) => [key, String(one)])),
  )
  if (file !== undefined) return caller.fetch(`/api/v1${path}?${query}`, { method, body: file })
  if (method === 'GET' || method === 'DELETE') return caller.fetch(`/api/v1${path}?${query}`, { method })
  const headers = { 'content-type': 'application/json' }
  return caller.fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(left) })
}

function sendTrpc(caller: Caller, path: string, input: Input): Promise<Response> {
  const { isQuery } = procedures.find((one) => one.path === path) ?? { isQuery: true }
  if (isQuery) return caller.fetch(`/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`)
  const headers = { 'content-type': 'application/json' }
  return caller.fetch(`/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) })
}

/** The matrix for people, as docs/roles.md. */
function asTable(): string {
  const cell = (row: Row, role: Role, isOwn: boolean) => {
    const status = expected(row, role, isOwn)
    if (status !== 200) return String(status)
    const isLimited = !isOwn && (role === 'developer' || role === 'viewer')
    if (isLimited && row.other === 'quiet') return 'left out'
    return isLimited && row.other === 'quarantined' ? 'quarantined' : 'yes'
  }
  const lines = MATRIX.map((row) => {
    const cells = ROLES.flatMap((role) =>
      role === 'admin' || role === 'finance'
        ? [cell(row, role, true)]
        : [cell(row, role, true), cell(row, role, false)],
    )
    const names = [row.rest, row.trpc].map((name) => (name === null ? '' : `\`${name}\``))
    return `| ${[row.what, ...names, ...cells].join(' | ')} |`
  })
  return `# Who may do what

Made by \`worker/role-matrix.test.ts\`, which calls every one of these as every role. 403: not with this role, or not for that team.
404: for this person it is not there. *left out*: an answer without the other team's rows, marked \`is_partial\`. *quarantined*: the
file's rows of other teams are refused, the others stored. Whoever is not signed in gets 401.

| what | REST, below \`/api/v1\` | tRPC | admin | finance | developer, own team | developer, other team | viewer, own team | viewer, other team |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`
}

function row(
  what: string,
  rest: string | null,
  trpc: string | null,
  may: readonly Role[],
  other: Other,
  input: MakeInput,
): Row {
  return { what, rest, trpc, may, other, input }
}

type Makers = Record<'one' | 'made' | 'changed' | 'gone', MakeInput>
type Allowed = Record<'reads' | 'creates' | 'updates' | 'removes', readonly Role[]>

/** The five rows of a resource; `created` is what naming another team does. */
function thing(
  name: string,
  path: string,
  may: Allowed,
  [other, created]: [Other, Other],
  make: Makers,
  room = path,
): Row[] {
  return [
    row(`list of ${path}`, `GET /${path}`, `${room}.list`, may.reads, other === 'same' ? 'same' : 'quiet', nothing),
    row(`one ${name}`, `GET /${path}/:id`, `${room}.get`, may.reads, other, make.one),
    row(`make a ${name}`, `POST /${path}`, `${room}.create`, may.creates, created, make.made),
    row(`change a ${name}`, `PUT /${path}/:id`, `${room}.update`, may.updates, other, make.changed),
    row(`remove a ${name}`, `DELETE /${path}/:id`, `${room}.remove`, may.removes, other, make.gone),
  ]
}

/** An analytics answer: of all that the asker sees, and narrowed to a team. */
function answer(what: string, path: string, procedure: string, more: object = {}): Row[] {
  const [rest, trpc] = [`GET /analytics/${path}`, `analytics.${procedure}`]
  return [
    row(what, rest, trpc, ALL, 'quiet', () => ({ ...days, ...more })),
    row(`${what}, of a team`, rest, trpc, ALL, 'refused', (_, team) => ({ ...days, ...more, teamId: [team] })),
  ]
}

/** The caller's own, or somebody else's. */
async function viewOf(world: World, team: TeamId, caller: Caller) {
  return { id: await world.viewOf(team === OWN ? caller : null) }
}

async function deliveryOf(world: World, team: TeamId) {
  return { id: await world.delivery(team) }
}

async function importOf(world: World, team: TeamId) {
  return { importId: await world.importOf(team) }
}

async function importAnnounced(world: World, team: TeamId) {
  return { importId: await world.uploadOf(team) }
}

async function deadImport(world: World, team: TeamId) {
  return { importId: await world.uploadOf(team, 'dead') }
}

function uploadIn(what: 'announced' | 'part'): MakeInput {
  return async (world, team) => ({ uploadId: await world.uploadOf(team, what) })
}

async function importWithRejects(world: World, team: TeamId) {
  return { importId: await world.importOf(team, 'x,,,,,,,\n') }
}

async function keyOf(world: World, team: TeamId) {
  return { id: await world.key(team) }
}

async function alertOf(world: World, team: TeamId) {
  return { id: await world.alert(team) }
}

async function alertRuleOf(world: World, team: TeamId) {
  return { id: await world.alertRule(team) }
}

async function backendOf(world: World) {
  return { id: await world.backend() }
}

async function sourceOf(world: World) {
  return { id: await world.source() }
}

async function person(world: World) {
  return { id: await world.user() }
}
