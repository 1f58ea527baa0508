import { sql } from 'drizzle-orm'
import { alerts } from '../db/schema/alerts.ts'
import { deliveries } from '../db/schema/channels.ts'
import { recommendationStates } from '../db/schema/insight.ts'
import { requests } from '../db/schema/requests.ts'
import type { AlertId, AlertRuleId, ChannelId, TeamId } from '../db/units/ids.ts'
import { nanoUsd } from '../db/units/money.ts'
import { addDays, type Day, type EpochMs, parseInstant } from '../db/units/time.ts'
import { hashPassword } from './auth/password.ts'
import { keyOf } from './recommendations/find.ts'
import { writeStored } from './recommendations/stored-advice.ts'
import { startHeliox, type TestHeliox, type Written } from './testing.ts'

/** In the name of everything that is the other team's: whoever may not see that team never meets this word. */
export const MARK = 'zebra'
export const PASSWORD = 'a tall ship and a star'

export type Caller = Awaited<ReturnType<TestHeliox['as']>>
export type World = Awaited<ReturnType<typeof makeWorld>>

/**
 * A company of two teams with jobs, bills, keys and imports of each, and makers of more: what a test of roles needs to
 * call everything with something real. The second team's things carry the mark.
 */
export async function makeWorld() {
  const heliox = await startHeliox()
  let made = 0
  let months = 0
  const steady = new Set<string>()
  const next = (team?: TeamId) => `${team === OTHER ? `${MARK}-` : 'own-'}${++made}`
  /** By the admin key; a maker that fails is a broken test. */
  const make = async (path: string, body: object): Promise<Written['body']> => {
    const answer = await heliox.write('POST', `/api/v1${path}`, body)
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const day = () => `2026-01-${String((made % 27) + 1).padStart(2, '0')}`
  const jobBody = (team: TeamId) => ({
    ...{
      jobId: next(team),
      teamId: team,
      modelName: next(team),
      provider: team === OTHER ? `${MARK}-cloud` : 'own-cloud',
    },
    ...{ gpuType: 'h100', startTime: '2026-01-05T00:00:00Z', endTime: '2026-01-05T01:00:00Z', status: 'completed' },
  })
  const costBody = () => ({ date: day(), provider: next(OTHER), gpuType: 'h100', costUsd: '12.50' })
  const usageBody = () => ({ date: day(), provider: next(OTHER), gpuType: 'h100', gpuHours: '2' })
  const rateBody = () => ({ currency: `C${next()}`.toUpperCase(), effectiveFrom: day(), usdPerUnit: '1.25' })
  const ruleBody = () => ({ service: next(OTHER), gpuType: 'h100', gpuCount: 8 })
  /** Matches nothing that another test looks at. */
  const ownerRuleBody = () => ({
    ...{ field: 'service', pattern: next(OTHER), owner: { kind: 'team', teams: [{ teamId: OTHER }] } },
  })
  /** Nobody listens there: what comes of a pull is a failure, in words. */
  const sourceBody = () => ({
    ...{ name: next(), kind: 'https', config: { url: 'http://127.0.0.1:1/costs.csv' }, isEnabled: false },
  })
  const deploymentBody = () => ({
    ...{ model: next(OWN), provider: 'own-cloud', gpuType: 'h100', gpuCount: 1 },
    ...{ startsAt: '2026-01-05T00:00:00Z', endsAt: '2026-01-05T01:00:00Z' },
  })
  const alertRuleBody = (team: TeamId) =>
    ({ name: next(team), kind: 'spend', params: { aboveUsd: '5' }, teamId: team }) as const
  const priceBody = () => ({ model: next(), inputUsdPerMillion: '1', outputUsdPerMillion: '2' })
  const gpuPriceBody = () => ({ provider: next(), gpuType: 'h100', usdPerGpuHour: '2' })
  /** Nobody listens there either. */
  const backendBody = () => ({
    ...{ name: next(), kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', models: [{ model: next() }] },
  })
  /** Nobody listens there either: a test message comes back with words. */
  const channelBody = (team: TeamId) => ({
    ...{ name: next(team), kind: 'slack', teamId: team, secrets: { url: 'http://127.0.0.1:1/services/T000/B000' } },
  })
  const digestBody = (team: TeamId) => ({ name: next(team), period: 'day', teamId: team })
  const viewBody = () => ({ name: next(), address: '/explore' })
  const keyBody = (team: TeamId) => ({ name: next(team), teamId: team, scopes: ['ingest'] })
  const madeKey = async (team: TeamId) => (await make('/keys', snake(keyBody(team)))).id as string
  /** Of a key of its own: there is one such budget of each thing. */
  const budgetBody = async (team: TeamId) =>
    ({ scope: 'key', scopeId: await madeKey(team), period: 'month', limitUsd: '10', mode: 'hard' }) as const
  const snake = (body: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), value]),
    )
  const snakeRule = ({ params, ...rule }: ReturnType<typeof alertRuleBody>) => ({
    ...snake(rule),
    params: { above_usd: params.aboveUsd },
  })
  const jobsFile = (team: TeamId) => {
    const { jobId, modelName, provider } = jobBody(team)
    return `job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status
${jobId},${team === OTHER ? TEAM_NAMES[1] : TEAM_NAMES[0]},${modelName},${provider},h100,2026-01-05,2026-01-06,completed\n`
  }
  const requestsFile = (team: TeamId) => `timestamp,request_id,team,model,prompt_tokens,completion_tokens
2026-01-05T08:00:00Z,${next(team)},${team === OTHER ? TEAM_NAMES[1] : TEAM_NAMES[0]},${next(team)},10,5\n`

  for (const name of TEAM_NAMES) await make('/teams', { name })
  const world = {
    heliox,
    next,
    ...{
      jobBody,
      costBody,
      usageBody,
      rateBody,
      priceBody,
      gpuPriceBody,
      ruleBody,
      ownerRuleBody,
      keyBody,
      deploymentBody,
      viewBody,
      sourceBody,
      budgetBody,
      alertRuleBody,
      backendBody,
      channelBody,
      digestBody,
      jobsFile,
      requestsFile,
    },
    team: async () => (await make('/teams', { name: next() })).id as TeamId,
    job: async (team: TeamId) => (await make('/jobs', snake(jobBody(team)))).id as string,
    cost: async () => (await make('/costs', snake(costBody()))).id as string,
    /** A month with a bill: each time the one before, from 2025 on, so that it can be closed after the last one was. */
    monthBefore: async () => {
      const month = new Date(Date.UTC(2025, 11 - months++, 1)).toISOString().slice(0, 7)
      await make('/costs', { date: `${month}-05`, provider: 'own-cloud', gpu_type: 'h100', cost_usd: '5' })
      return month
    },
    /** A day of the team that stands out: twenty days of one, and one of ten times that. */
    anomaly: async (team: TeamId) => {
      const provider = team === OTHER ? `${MARK}-steady` : 'own-steady'
      if (!steady.has(provider)) {
        steady.add(provider)
        const name = team === OTHER ? TEAM_NAMES[1] : TEAM_NAMES[0]
        const days = Array.from({ length: 21 }, (_, at) => addDays('2026-02-01' as Day, at))
        const costs = days.map((one, at) => `${one},${provider},h100,${at === 20 ? 1000 : 100}`)
        const jobs = days.map(
          (one) => `${provider}-${one},${name},steady,${provider},h100,${one},${addDays(one, 1)},completed`,
        )
        await heliox.send('cost-csv', ['date,provider,gpu_type,cost_usd', ...costs].join('\n'))
        const head = 'job_id,team_name,model_name,provider,gpu_type,start_time,end_time,status'
        await heliox.send('jobs-csv', [head, ...jobs].join('\n'))
      }
      return `team:${team}@2026-02-21`
    },
    backup: async () => {
      heliox.moveTo(new Date(heliox.now() + 1).toISOString()) // its instant is its name
      return (await make('/backups', {})).id as string
    },
    usage: async () => (await make('/usage', snake(usageBody()))).id as string,
    source: async () => (await make('/sources', snake(sourceBody()))).id as string,
    backend: async () => (await make('/gateway/backends', snake(backendBody()))).id as string,
    channel: async (team: TeamId) => (await make('/channels', snake(channelBody(team)))).id as ChannelId,
    digest: async (team: TeamId) => (await make('/digests', snake(digestBody(team)))).id as string,
    /** A message that was given up. */
    delivery: async (team: TeamId) => {
      const message = {
        ...{ kind: 'fired', severity: 'info', title: next(team), text: '', facts: [], href: '/', incident: '' },
        atMs: heliox.now(),
      }
      const row = {
        ...{ channelId: await world.channel(team), messageKey: next(team), message: JSON.stringify(message) },
        ...({ status: 'dead', attempts: 1, nextAttemptAtMs: heliox.now(), createdAtMs: heliox.now() } as const),
      }
      const [stored] = await heliox.db.insert(deliveries).values(row).returning({ id: deliveries.id })
      return stored?.id as string
    },
    key: madeKey,
    budget: async (team: TeamId) => (await make('/budgets', snake(await budgetBody(team)))).id as string,
    alertRule: async (team: TeamId) => (await make('/alerts/rules', snakeRule(alertRuleBody(team)))).id as AlertRuleId,
    /** As if a look had found something. */
    alert: async (team: TeamId): Promise<AlertId> => {
      const ruleId: AlertRuleId = (await make('/alerts/rules', snakeRule(alertRuleBody(team)))).id
      const finding = JSON.stringify({ title: next(team), text: '', href: '/', facts: [] })
      const [row] = await heliox.db
        .insert(alerts)
        .values({
          ...{ ruleId, teamId: team, groupKey: '', status: 'firing', severity: 'info', finding },
          startedAtMs: heliox.now(),
        })
        .returning({ id: alerts.id })
      if (!row) throw new Error('no alert')
      return row.id
    },
    silence: async (team: TeamId) =>
      (await make('/alerts/silences', { team_id: team, minutes: 5, reason: next(team) })).id as string,
    /** As if the demo had been loaded, without its thousands of rows. */
    demo: () =>
      heliox.db.run(sql`insert into imports (format, source, status, actor, started_at_ms, progressed_at_ms)
        select 'cost-csv', 'demo', 'success', 'demo', 1, 1
        where not exists (select 1 from imports where source = 'demo')`),
    price: async () => (await make('/prices/models', snake(priceBody()))).id as string,
    gpuPrice: async () => (await make('/prices/gpus', snake(gpuPriceBody()))).id as string,
    rate: async () => (await make('/currency-rates', snake(rateBody()))).id as string,
    deployment: async () => (await make('/deployments', snake(deploymentBody()))).id as string,
    servedModel: async () => (await make('/deployments', snake(deploymentBody()))).model as string,
    rule: async () => (await make('/gpu-rules', snake(ruleBody()))).id as string,
    ownerRule: async () => {
      const { owner, ...body } = ownerRuleBody()
      return (await make('/owner-rules', { ...body, owner: { kind: 'team', teams: [{ team_id: OTHER }] } }))
        .id as string
    },
    ownerRuleIds: async () =>
      (await heliox.db.all<{ id: string }>(sql`select 'own_' || id as id from owner_rules order by id`)).map(
        ({ id }) => id,
      ),
    user: async () => (await make('/users', { email: `${next()}@example.com`, role: 'viewer' })).id as string,
    /** A file that came by a key of the team. */
    importOf: async (team: TeamId, more = '') => {
      const { key } = await make('/keys', snake(keyBody(team)))
      const sender = heliox.callerWith({ authorization: `Bearer ${key}` })
      const query = `format=jobs-csv&file_name=${next(team)}.csv`
      const sent = await sender.fetch(`/api/v1/imports?${query}`, { method: 'POST', body: jobsFile(team) + more })
      return ((await sent.json()) as { import_id: string }).import_id
    },
    /** A file that a key of the team has announced: nothing of it has come, a part has, or its import has failed with it. */
    uploadOf: async (team: TeamId, what: 'announced' | 'part' | 'dead' = 'announced') => {
      const { key } = await make('/keys', snake(keyBody(team)))
      const sender = heliox.callerWith({ authorization: `Bearer ${key}` })
      const { body } = await sender.write('POST', '/api/v1/uploads', { format: 'jobs-csv', file_name: next(team) })
      const id = body.upload_id as string
      const part = `/api/v1/uploads/${id}/parts/1`
      if (what !== 'announced') await sender.fetch(part, { method: 'PUT', body: jobsFile(team) })
      if (what === 'dead') {
        await sender.write('POST', `/api/v1/uploads/${id}/complete`)
        await heliox.db.$client.execute(`update imports set status = 'failed' where id = ${id.slice('imp_'.length)}`)
      }
      return id
    },
    /** Another session of the caller, or one of somebody else. */
    sessionOf: async (caller: Caller | null) => {
      const owner = caller ?? (await heliox.as('viewer', [OTHER]))
      const { sessions } = await owner.json<{ sessions: { id: string }[] }>('/api/v1/auth/sessions')
      return sessions[0]?.id ?? ''
    },
    /** A view that the caller keeps, or one that somebody else keeps. */
    viewOf: async (caller: Caller | null) => {
      const owner = caller ?? (await heliox.as('viewer', [OTHER]))
      return (await owner.write('POST', '/api/v1/saved-views', viewBody())).body.id as string
    },
    /** A call of the gateway. */
    request: async (team: TeamId) => {
      const id = `req_${next()}`
      const [startedAtMs, day] = [parseInstant('2026-01-05T08:00:00Z') as EpochMs, '2026-01-05' as Day]
      await heliox.db.insert(requests).values({
        ...{ id, startedAtMs, day, endpoint: 'chat.completions', teamId: team, modelAsked: next(team) },
        ...({
          model: 'small',
          isStream: false,
          status: 'completed',
          costGrade: 'unpriced',
        } as const),
      })
      return id
    },
    /** Advice that somebody of the team has accepted, or has done long enough ago to be checked. */
    advice: async (team: TeamId, status: 'accepted' | 'done' = 'accepted') => {
      await make('/costs', { date: '2026-01-28', provider: next(team), gpu_type: 'h100', cost_usd: '1' })
      const key = keyOf('retried-work', next(team))
      const words = { title: next(team), action: '', formula: '', because: '', href: '/jobs', evidence: [] }
      const saving = { savingNanoUsd: nanoUsd(30n), windowSavingNanoUsd: nanoUsd(30n), verified: null }
      const days = { start: '2026-01-01' as Day, end: '2026-01-02' as Day, days: 2 }
      const doneAtMs = status === 'done' ? (parseInstant('2026-01-05T08:00:00Z') as EpochMs) : null
      await heliox.db.insert(recommendationStates).values({
        ...{
          key,
          kind: 'retried-work',
          teamId: team,
          status,
          byLabel: next(team),
          decidedAtMs: heliox.now(),
          doneAtMs,
        },
        ...{ savingNanoUsd: nanoUsd(30n) },
        asDecided: writeStored({ ...words, ...saving, ...days, confidence: 'medium', effort: 'low' }),
      })
      return key
    },
    hash: await hashPassword(PASSWORD),
  }
  for (const team of [OWN, OTHER]) {
    await world.job(team)
    await world.importOf(team)
    await world.request(team)
    await world.delivery(team)
    await world.digest(team)
    await heliox.fetch('/api/v1/imports?format=requests-csv', { method: 'POST', body: requestsFile(team) })
  }
  await make('/costs', { date: '2026-01-05', provider: 'own-cloud', gpu_type: 'h100', cost_usd: '100' })
  await make('/costs', { date: '2026-01-05', provider: `${MARK}-cloud`, gpu_type: 'h100', cost_usd: '100' })
  await world.usage()
  return world
}

export const OWN = 'team_1' as TeamId
export const OTHER = 'team_2' as TeamId
const TEAM_NAMES = ['own-team', `${MARK}-team`] as const
