import { expect, test } from 'vitest'
import { exactText } from '../../../db/units/money.ts'
import { costCsv } from './cost-csv.ts'
import { costJson } from './cost-json.ts'
import type { Importer, JobDraft, Row, TextImporter } from './importer.ts'
import { jobsCsv } from './jobs-csv.ts'
import { jobsJson } from './jobs-json.ts'
import { NOTHING_SAID } from './testing.ts'

function read(importer: Importer, text: string): Row[] {
  const reader = (importer as TextImporter).open(NOTHING_SAID)
  return [...reader.push(text), ...reader.end()]
}
const COST = 'date,provider,gpu_type,cost_usd\n'
const JOB = 'job_id,team_name,provider,gpu_type,gpu_count,start_time,end_time,status\n'
const job = (fields: string) => read(jobsCsv, `${JOB}${fields}\n`)[0] as Row

test('columns may come in any order, case and company; of two with one name the first counts', () => {
  const text = 'Note, COST_USD ,GPU_Type,cost_usd,provider,Date\nx,1.5,H100,9,AWS,2026-02-01\n'
  expect(read(costCsv, text)).toMatchObject([
    { kind: 'cost', provider: 'aws', gpuType: 'h100', entryDate: '2026-02-01' },
  ])
  expect(read(costCsv, text).map((row) => row.kind === 'cost' && exactText(row.billed))).toEqual(['1.50'])
})

test('a header that lacks a column is refused whole, and the words say which', () => {
  expect(() => read(costCsv, 'date,provider,cost_usd\n2026-02-01,aws,1\n')).toThrow('gpu_type missing')
  expect(() => read(costJson, '{"costs": []}')).toThrow('"cost_data"')
  expect(() => read(jobsJson, '{"job": []}')).toThrow('"jobs"')
})

test('names that mean something to JavaScript or SQL are just names', () => {
  for (const name of ['__proto__', 'constructor', 'toString', "x'; drop table jobs;--", '%s', '=cmd()']) {
    expect(read(costCsv, `${COST}2026-02-01,"${name}","${name}",1\n`)[0]).toMatchObject({
      ...{ provider: name.toLowerCase(), gpuType: name.toLowerCase() },
    })
    const text = JSON.stringify({
      jobs: [{ job_id: name, team_name: name, provider: name, gpu_type: name, status: 'pending' }],
    })
    expect(read(jobsJson, text)[0]).toMatchObject({ jobId: name, teamName: name })
  }
  expect(() => read(costCsv, '__proto__,constructor\n1,2\n')).toThrow('missing')
  expect(read(costJson, '{"__proto__": [1], "cost_data": [{"__proto__": {"date": "2026-02-01"}}]}')).toMatchObject([
    { code: 'ingest.bad_date' },
  ])
})

test('a JSON number is read digit by digit: money finer than a double and ids beyond 2^53', () => {
  const cost = '{"date": "2026-02-01", "provider": "aws", "gpu_type": "h100", "cost_usd": 9007199.254740993}'
  expect(read(costJson, `[${cost}]`).map((row) => row.kind === 'cost' && exactText(row.billed))).toEqual([
    '9007199.254740993',
  ])
  const ids = ['9007199254740993', '9007199254740992']
  const rows = ids.map(
    (id) => `{"job_id": ${id}, "team_name": "t", "provider": "a", "gpu_type": "b", "status": "pending"}`,
  )
  expect(read(jobsJson, `[${rows}]`).map((row) => (row as JobDraft).jobId)).toEqual(ids)
})

test('a GPU count is decimal, also as exporters with floating-point columns write it; finer than a thousandth is cut off', () => {
  expect(job('a,t,aws,h100,8.0,,,pending')).toMatchObject({ gpuMilli: 8000 })
  expect(job('a,t,aws,h100,,,,pending')).toMatchObject({ gpuMilli: 1000 })
  expect(job('a,t,aws,h100,0,,,pending')).toMatchObject({ gpuMilli: 0 })
  expect(job('a,t,aws,h100,0.5,,,pending')).toMatchObject({ gpuMilli: 500 })
  expect(job('a,t,aws,h100,0.3339,,,pending')).toMatchObject({ gpuMilli: 333 })
  for (const bad of ['.5', '-1', 'eight', '1e3', '1000001'])
    expect([bad, job(`a,t,aws,h100,${bad},,,pending`)]).toMatchObject([bad, { code: 'ingest.bad_gpu_count' }])
})

test('a failed or cancelled job that never started held nothing and needs no end', () => {
  expect(job('a,t,aws,h100,8,,,failed')).toMatchObject({ kind: 'job', startedAtMs: null, endedAtMs: null })
  expect(job('a,t,aws,h100,8,,2026-02-01T00:00:00Z,cancelled')).toMatchObject({ startedAtMs: null, endedAtMs: null })
})

test('the words of a refusal quote the file in one short line', () => {
  const [row] = read(costCsv, `${COST}"${'9\n'.repeat(300)}",aws,h100,1\n`)
  expect(row).toMatchObject({ code: 'ingest.bad_date', line: 2 })
  expect(row?.kind === 'refused' && row.message.length).toBeLessThan(120)
  expect(row?.kind === 'refused' && /[\r\n]/.test(row.message)).toBe(false)
})

test('a list that is closed by the wrong bracket is refused, so that no last row gets lost', () => {
  for (const text of ['{"cost_data": [{"date": "x"}}', '{"cost_data": [{"date": "x"}}}', '[{"date": "x"}}'])
    expect(() => read(costJson, text)).toThrow('not closed')
})

test('an item of more than a megabyte is refused however the text is cut', () => {
  const text = `[{"job_id": "${'x'.repeat(1_100_000)}"}]`
  for (const size of [text.length, 65_536]) {
    const reader = jobsJson.open(NOTHING_SAID)
    expect(() => {
      for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size))
    }).toThrow('longer than a megabyte')
  }
})
