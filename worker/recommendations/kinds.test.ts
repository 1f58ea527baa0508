import { expect, test } from 'vitest'
import { requests } from '../../db/schema/requests.ts'
import type { TeamId } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { addDays, type Day, type EpochMs } from '../../db/units/time.ts'
import { startHeliox, type TestHeliox } from '../testing.ts'

const FIRST = '2026-02-01' as Day
const days = Array.from({ length: 14 }, (_, at) => addDays(FIRST, at))

async function world(busyHours: (at: number) => string, status: 'completed' | 'running') {
  const heliox = await startHeliox({ now: '2026-02-15T12:00:00Z' })
  const costs = days.map((day) => `${day},aws,h100,240,24`)
  await heliox.send('cost-csv', ['date,provider,gpu_type,cost_usd,gpu_hours', ...costs].join('\n'))
  const end = status === 'running' ? '' : '2026-02-15T00:00:00Z'
  const job = `train,vision,bert,aws,h100,1,2026-02-01T00:00:00Z,${end},${status}`
  const head = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
  await heliox.send('jobs-csv', `${head}\n${job}`)
  for (const [at, date] of days.entries())
    await heliox.write('POST', '/api/v1/usage', { date, provider: 'aws', gpu_type: 'h100', gpu_hours: busyHours(at) })
  return heliox
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the wire says
type Answer = any
const ask = (heliox: TestHeliox) => heliox.json<Answer>('/api/v1/analytics/recommendations')
const one = ({ recommendations }: Answer, kind: string) => recommendations.find((row: Answer) => row.kind === kind)

test('held and measured idle is a team’s; a cheaper GPU with as much memory would be enough', async () => {
  const answer = await ask(await world(() => '6', 'completed'))
  // $10 a GPU-hour, 18 of 24 held hours idle, 14 days.
  expect(one(answer, 'allocated-idle')).toMatchObject({
    ...{ team_id: 'team_1', window_saving_usd: '2520.00', confidence: 'high' },
  })
  expect(one(answer, 'wrong-size')).toMatchObject({ team_id: null, confidence: 'low' })
  expect(one(answer, 'wrong-size').because).toContain('Busy for 25 % of the measured time')
  expect(one(answer, 'idle-pool')).toBeUndefined()
})

test('a busy pool is neither', async () => {
  const answer = await ask(await world(() => '24', 'completed'))
  expect([one(answer, 'allocated-idle'), one(answer, 'wrong-size')]).toEqual([undefined, undefined])
})

test('a running job on whose pool nothing moves is forgotten; one that is busy is not', async () => {
  const silent = one(await ask(await world((at) => (at < 11 ? '24' : '0'), 'running')), 'zombie-job')
  // Silent from the 12th on; the 13th and 14th are counted, the day itself is not.
  expect(silent).toMatchObject({ team_id: 'team_1', window_saving_usd: '480.00', confidence: 'high' })
  expect(silent.href).toBe('/jobs/job_1')
  expect(one(await ask(await world(() => '24', 'running')), 'zombie-job')).toBeUndefined()
})

test('prompts that come again cost what all but the first did; calls that did not stream have a batch price', async () => {
  const heliox = await world(() => '24', 'completed')
  const call = (id: string, words: string) => ({
    ...{ id, startedAtMs: Date.parse(`2026-02-03T10:00:0${id.at(-1)}Z`) as EpochMs, day: '2026-02-03' as Day },
    ...{ teamId: 'team_1' as TeamId, endpoint: 'chat.completions', modelAsked: 'gpt-4o', model: 'gpt-4o' },
    ...{ backend: 'api', provider: 'openai', isStream: false, status: 'completed' as const, inputTokens: 400_000 },
    ...{ outputTokens: 0, costNanoUsd: nanoUsd(1_000_000_000n), costGrade: 'computed' as const },
    bodyJson: JSON.stringify({ messages: [{ role: 'user', content: words }], response: 'yes' }),
  })
  await heliox.db
    .insert(requests)
    .values([call('req_1', 'is it?'), call('req_2', 'is it?'), call('req_3', 'is it?'), call('req_4', 'was it?')])
  const answer = await ask(heliox)
  expect(one(answer, 'repeated-prompts')).toMatchObject({ team_id: 'team_1', window_saving_usd: '2.00' })
  expect(one(answer, 'repeated-prompts').evidence[0].href).toBe('/requests/req_3')
  // Half of $4 by the dated list.
  expect(one(answer, 'batch-tier')).toMatchObject({ window_saving_usd: '2.00', confidence: 'low' })
  expect(one(answer, 'batch-tier').formula).toContain('as of 2026')
})
