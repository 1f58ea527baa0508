import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'

const JOBS = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
const jobs = (gpuCount: number, ...ids: string[]) =>
  `${[JOBS, ...ids.map((id) => `${id},t1,m,aws,h100,${gpuCount},2026-01-10,2026-01-11,completed`)].join('\n')}\n`
const costs = (cost: number, ...days: string[]) =>
  `date,provider,gpu_type,cost_usd\n${days.map((day) => `${day},aws,h100,${cost}\n`).join('')}`

test('who sends jobs without a source is told which rows of other files they changed', async () => {
  const { send } = await startHeliox()
  await send('jobs-csv', jobs(1, '1', '2', '3'), '&file_name=berlin.csv')
  await send('jobs-csv', jobs(1, '4'), '&file_name=paris.csv')
  const sent = await send('jobs-csv', jobs(8, '1', '2', '4', '5'), '&file_name=rome.csv')
  expect(sent.message).toBe(
    '4 rows stored. 3 rows that berlin.csv and paris.csv had brought were changed: if these are of another origin, name a source to keep them apart',
  )
  // Nothing changes, so nothing is said.
  expect((await send('jobs-csv', jobs(8, '1'), '&file_name=oslo.csv')).message).toBe('1 row stored')
})

test('a file of the same name corrects, one of a named source is kept apart, a dry run changes nothing', async () => {
  const { send } = await startHeliox()
  const message = async (gpuCount: number, query: string) =>
    (await send('jobs-csv', jobs(gpuCount, '1'), query)).message
  await message(1, '&file_name=jobs.csv')
  expect(await message(2, '&file_name=jobs.csv')).toBe('1 row stored')
  expect(await message(3, '&file_name=other.csv&dry_run=1')).toBe('1 row would be stored')
  expect(await message(4, '&file_name=other.csv&source=rome')).toBe('1 row stored')
  expect(await message(5, '&file_name=third.csv&source=rome')).toBe('1 row stored')
  expect(await message(6, '')).toContain('1 row that jobs.csv had brought was changed')
})

test('simple costs say it too; a file without a name is named by its import', async () => {
  const { send } = await startHeliox()
  const first = await send('cost-csv', costs(5, '2026-01-01', '2026-01-02'))
  const sent = await send('cost-csv', costs(6, '2026-01-02', '2026-01-03'), '&file_name=gcp.csv')
  expect(sent.message).toContain(`1 row that ${first.import_id} had brought was changed`)
})
