import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { CsvReader, columnsOf } from '../ingest/importers/csv.ts'
import { nano, startHeliox, type TestHeliox } from '../testing.ts'

const sample = (name: string) => readFileSync(new URL(`../../seeds/samples/${name}`, import.meta.url), 'utf8')
const DAYS = 'start=2024-09-01&end=2026-12-31'

/** A bill with everything in it: GPUs and other things, a credit, a commitment, euros, tags, names that spreadsheets run. */
const BILL = `BilledCost,EffectiveCost,ListCost,BillingCurrency,BillingAccountId,SubAccountId,BillingPeriodStart,ChargePeriodStart,ChargeCategory,ChargeDescription,ServiceProviderName,ServiceCategory,ServiceName,RegionId,SkuPriceId,SkuPriceDetails,ConsumedQuantity,ConsumedUnit,PricingCategory,Tags,PricingCurrency,PricingCurrencyEffectiveCost
10.000000001,9,20,USD,100,a-1,2026-01-01,2026-01-05,Usage,p5.48xlarge,AWS,Compute,EC2,us-east-1,P5,"{""InstanceType"": ""p5.48xlarge"", ""GpuCount"": 8}",3,Hours,Standard,"{""env"": ""prod"", ""team"": ""x""}",,
5,4.333333333,,USD,100,a-2,2026-01-01,2026-01-05,Usage,p5.48xlarge,AWS,Compute,EC2,us-east-1,P5,"{""InstanceType"": ""p5.48xlarge"", ""GpuCount"": 8}",1,Hours,Standard,"{""env"": ""prod"", ""cost"": ""=1+1""}",,
-1.50,-1.50,,USD,100,a-2,2026-01-01,2026-01-05,Credit,"=HYPERLINK(""x"")",AWS,Compute,Credits,,,,,,,,,
100,0,,USD,100,a-1,2026-01-01,2026-01-05,Purchase,"+plan, three years",AWS,Compute,Savings Plans,,SP,,,,Committed,,,
9.20,9.20,,EUR,200,null-ish,2026-01-01,2026-01-06,Usage,A100 GPU,Nebius,Compute,GPUs,eu,A100,,2,GPU-Hours,Standard,"{'it': 'x'}",USD,10.05
0.00000352,0.00000352,,USD,100,a-1,2026-01-01,2026-01-06,Usage,queue,AWS,Integration,SQS,us-west-2,Q,,7,Requests,Standard,,,
`
const JOBS = `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status
1,red,llama,aws,h100,2,2026-01-05T00:00:00Z,2026-01-05T03:00:00Z,completed
2,blue,-minus,aws,h100,1,2026-01-05T00:00:00.250Z,2026-01-05T01:20:00Z,failed
"=3","a, ""b""",,aws,h100,1,2026-01-05T22:00:00Z,2026-01-06T02:00:00Z,completed
'4,red,@x,aws,h100,3,2026-01-05T00:00:00Z,,running
5,blue,null,nebius,a100,4,,,pending
6,blue,null,tape,a100,4,2026-01-05,2026-01-06,cancelled
`

async function filled(): Promise<TestHeliox> {
  const heliox = await startHeliox({ now: '2026-01-05T12:00:00Z' })
  for (const [format, text] of [
    ['focus-csv', BILL],
    ['focus-csv&source=other', sample('focus.csv')],
    ['cost-csv', 'date,provider,gpu_type,cost_usd,gpu_hours\n2026-01-05,tape,a100,3.10,7.5\n2026-01-05,aws,h100,2,\n'],
    ['jobs-csv', JOBS],
    ['slurm-sacct', sample('sacct.psv')],
  ] as const)
    expect([format, (await heliox.send(format, text)).status]).toEqual([format, 'success'])
  return heliox
}
const exported = async (heliox: Pick<TestHeliox, 'fetch'>, path: string) => {
  const answer = await heliox.fetch(`/api/v1/exports/${path}`)
  expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'text/csv; charset=utf-8'])
  return answer.text()
}
/** The rows of a CSV by column. */
function rowsOf(text: string): Record<string, string>[] {
  const reader = new CsvReader()
  const [header, ...rows] = [...reader.push(text), ...reader.end()].map(({ fields }) => fields ?? [])
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set(rows.length > 0 ? [header?.length] : []))
  return rows.map((row) => Object.fromEntries([...columnsOf(header ?? [])].map(([name, at]) => [name, row[at] ?? ''])))
}
const sumsBy = (rows: Record<string, string>[], column: string) => {
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const key = `${row.chargeperiodstart?.slice(0, 10)} ${row.serviceprovidername} ${row.x_helioxgputype}`
    sums.set(key, (sums.get(key) ?? 0n) + nano(row[column] ?? ''))
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}
const poolDays = async ({ db }: TestHeliox, amount: 'billed' | 'effective') => {
  const rows = await db.all<{ key: string; sum: bigint }>(sql`
    select entry_date || ' ' || provider || ' ' || gpu_type as key, sum(${sql.raw(`${amount}_nano_usd`)}) as sum
    from ledger_costs group by 1 order by 1`)
  return Object.fromEntries(
    rows.map(({ key, sum }) => [key, sum]).sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
  )
}

test.each([
  ['jobs.csv', 'jobs-csv', ''],
  ['costs.csv', 'focus-csv', `?${DAYS}`],
  ['focus.csv', 'focus-csv', `?${DAYS}`],
  ['focus.csv', 'focus-csv', `?${DAYS}&basis=usage`],
])('%s → an empty Heliox → %s%s: the same file, to the byte', async (path, format, query) => {
  const first = await exported(await filled(), path + query)
  expect(rowsOf(first).length).toBeGreaterThan(5)
  const other = await startHeliox({ now: '2026-01-05T12:00:00Z' })
  const sent = await other.send('auto', first)
  expect([sent.format, sent.status, sent.result.failed, sent.result.errors]).toEqual([format, 'success', 0, []])
  expect(await exported(other, path + query)).toBe(first)
  await other.send('auto', first)
  expect(await exported(other, path + query)).toBe(first)
})

test.each(['allocation', 'usage'])(
  'on the basis %s every pool-day’s rows sum to its bill, and its owners to what analytics say',
  async (basis) => {
    const heliox = await filled()
    const rows = rowsOf(await exported(heliox, `focus.csv?${DAYS}&basis=${basis}`))
    expect(sumsBy(rows, 'effectivecost')).toEqual(await poolDays(heliox, 'effective'))
    expect(sumsBy(rows, 'billedcost')).toEqual(await poolDays(heliox, 'billed'))
    const asked = { start: '2024-09-01', end: '2026-12-31', basis: basis as 'usage' }
    const spend = await heliox.trpc.analytics.byTeam.query(asked)
    const owners = new Map<string, bigint>()
    for (const { subaccountid: owner = '', effectivecost } of rows)
      owners.set(owner, (owners.get(owner) ?? 0n) + nano(effectivecost ?? ''))
    const said = spend.rows.map(({ name, totalCostUsd }) => [name, nano(totalCostUsd)] as const)
    const isSomething = ([, cost]: readonly [string, bigint]) => cost !== 0n
    expect(Object.fromEntries([...owners].filter(isSomething))).toEqual(Object.fromEntries(said.filter(isSomething)))
    expect(said.filter(isSomething).length).toBeGreaterThan(3)
  },
)

test('a row says how it was split: GPU-hours and their share, the team in the tags, the bill’s common tags intact', async () => {
  const heliox = await filled()
  const rows = rowsOf(await exported(heliox, 'focus.csv?start=2026-01-05&end=2026-01-05'))
  const red = rows.find(({ subaccountid, x_helioxgputype }) => subaccountid === 'red' && x_helioxgputype === 'h100')
  // red: 2 GPUs × 3 h + 3 × 12 h = 42; blue 1.332777… (4,798 s at 1 GPU: 00:00:00 to 01:20:00 is 4,800 s)
  expect(red).toMatchObject({
    consumedquantity: '42',
    consumedunit: 'GPU-Hours',
    allocatedmethodid: 'heliox-allocation',
  })
  const [element] = JSON.parse(red?.allocatedmethoddetails ?? '').Elements
  expect(element).toMatchObject({ UsageUnit: 'GPU-Hours', UsageQuantity: 42 })
  expect(element.AllocatedRatio).toBeGreaterThan(0.9)
  expect(red?.allocatedtags).toBe('{"team":"red"}')
  const [tape] = rows.filter(({ serviceprovidername }) => serviceprovidername === 'tape')
  expect(tape).toMatchObject({ subaccountid: 'blue', tags: '{"team":"blue"}', effectivecost: '3.10' })
  const later = rowsOf(await exported(heliox, 'focus.csv?start=2026-01-06&end=2026-01-06'))
  const none = later.find(({ serviceprovidername }) => serviceprovidername === 'nebius')
  expect(none).toMatchObject({
    subaccountid: '__unallocated__',
    tags: '{"it":"x"}',
    effectivecost: '10.05',
    x_helioxgpuhours: '2',
  })
})

test('an exported entry keeps its tags, its account, its own currency and what a spreadsheet must not run', async () => {
  const rows = rowsOf(await exported(await filled(), 'costs.csv?start=2026-01-05&end=2026-01-06'))
  const of = (sku: string, account: string) =>
    rows.find((row) => row.skupriceid === sku && row.subaccountid === account)
  expect(of('P5', 'a-1')).toMatchObject({
    tags: '{"env":"prod","team":"x"}',
    listcost: '20.00',
    x_helioxgpuhours: '24',
  })
  expect(of('P5', 'a-1')?.skupricedetails).toBe('{"InstanceType":"p5.48xlarge"}')
  expect(of('A100', 'null-ish')).toMatchObject({
    billedcost: '10.05',
    x_helioxcurrency: 'EUR',
    x_helioxbilledincurrency: '9.20',
  })
  expect(of('SP', 'a-1')).toMatchObject({ chargedescription: "'+plan, three years", effectivecost: '0.00' })
  expect(rows.some(({ chargedescription }) => chargedescription === '\'=HYPERLINK("x")')).toBe(true)
})

test('jobs are paged without losing one, and narrowed by day and source', async () => {
  const heliox = await startHeliox()
  const many = Array.from({ length: 5_003 }, (_, at) => `j${at},red,m,aws,h100,1,2026-01-05,2026-01-06,completed`)
  await heliox.send(
    'jobs-csv',
    `job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status\n${many.join('\n')}\n`,
  )
  const more = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,run\n'
  await heliox.send('jobs-csv', `${more}j1,red,m,aws,h100,1,2026-02-05,2026-02-06,completed,r2\n`, '&source=other')
  const rows = rowsOf(await exported(heliox, 'jobs.csv'))
  expect(new Set(rows.map((row) => `${row.job_id} ${row.run}`)).size).toBe(5_004)
  expect(rows.filter(({ job_id }) => job_id === 'j1').map(({ run }) => run)).toEqual(['', 'other/r2'])
  expect(rowsOf(await exported(heliox, 'jobs.csv?source=other')).map(({ run }) => run)).toEqual(['r2'])
  expect(rowsOf(await exported(heliox, 'jobs.csv?start=2026-02-01')).map(({ run }) => run)).toEqual(['other/r2'])
})

test('who sees teams exports their jobs and no costs', async () => {
  const heliox = await filled()
  const { teams } = await heliox.json<{ teams: { id: `team_${number}`; name: string }[] }>('/api/v1/teams?limit=100')
  const red = teams.find(({ name }) => name === 'red')
  const developer = await heliox.as('developer', red ? [red.id as never] : [])
  expect(new Set(rowsOf(await exported(developer, 'jobs.csv')).map((row) => row.team_name))).toEqual(new Set(['red']))
  for (const path of ['costs.csv', 'focus.csv'])
    expect((await developer.fetch(`/api/v1/exports/${path}?${DAYS}`)).status).toBe(403)
  const nobody = await heliox.as('viewer', [])
  expect(rowsOf(await exported(nobody, 'jobs.csv'))).toEqual([])
})

test('nothing to export is a header, and days in disorder are refused', async () => {
  const heliox = await startHeliox()
  expect(await exported(heliox, 'jobs.csv')).toBe(
    'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status,run,user_name,job_name\r\n',
  )
  expect(rowsOf(await exported(heliox, `costs.csv?${DAYS}`))).toEqual([])
  expect((await heliox.fetch('/api/v1/exports/focus.csv?start=2026-02-01&end=2026-01-01')).status).toBe(400)
  expect((await heliox.fetch('/api/v1/exports/focus.csv?start=2026-01-01&end=2026-01-02&basis=exposure')).status).toBe(
    400,
  )
})
