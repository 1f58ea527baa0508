import { addDays, type Day } from '../db/units/time.ts'
import type { InProcess } from './in-process.ts'
import { oneOf, whole } from './random.ts'
import { DAYS, type Line, type RandomEstate, type Setting } from './random-estate.ts'

const BASES = ['allocation', 'usage'] as const
const COSTS = ['effective', 'billed', 'list'] as const
const GROUPS = ['team', 'model', 'provider', 'gpu-type'] as const
const DAILY_GROUPS = ['none', 'team', 'model', 'provider', 'gpu_type', 'status', 'account', 'region'] as const
/** What the explorer groups by: one or two of these, at most one of the times. */
const NAMES = [
  'provider',
  'gpu_type',
  'team',
  'model',
  'status',
  'account',
  'region',
  'sku',
  'charge_category',
] as const
const TIMES = ['day', 'week', 'month'] as const
/** Days that an estate can touch, and some around. */
const EVERYTHING = { start: '2023-12-01', end: '2027-12-31' }

type Sums = Record<'billed_cost_usd' | 'invoiced_cost_usd' | 'difference_usd', string>

/** Of all estates of a database together. Answers how many sums were compared. */
export async function checkAll(heliox: InProcess, lines: readonly Line[]): Promise<number> {
  for (const basis of BASES) await reconciled(heliox, { ...EVERYTHING, basis }, lines)
  return BASES.length
}

/** Of one estate: all of it on both bases, under a random filter, and by a random group. */
export async function checkEach(
  heliox: InProcess,
  { providers }: RandomEstate,
  lines: readonly Line[],
  { first }: Setting,
  random: () => number,
): Promise<number> {
  for (const basis of BASES) await reconciled(heliox, { ...EVERYTHING, basis, provider: providers }, lines)
  const start = addDays(first, whole(-2, DAYS - 1, random))
  const end = addDays(start, whole(0, DAYS + 2, random))
  const basis = oneOf(BASES, random)
  const gpuTypes = random() < 0.5 ? null : [oneOf(['h100', 'a100'], random)]
  const named = random() < 0.3 ? [oneOf(providers, random)] : providers
  const ofPools = { start, end, basis, provider: named, ...(gpuTypes ? { gpu_type: gpuTypes } : {}) }
  const inside = lines.filter(
    ({ day, provider, gpuType }) =>
      day >= start && day <= end && named.includes(provider) && (gpuTypes === null || gpuTypes.includes(gpuType)),
  )
  const model = random() < 0.5 ? { model_name: [`model-${whole(0, 3, random)}`] } : {}
  const team = random() < 0.5 ? { team_id: [`team_${whole(1, 4, random)}`] } : {}
  await reconciled(heliox, { ...ofPools, ...model, ...team }, inside)
  const cost = oneOf(COSTS, random)
  const asked = { ...ofPools, cost }
  const expected = cost === 'list' ? listOf(inside) : sumOf(inside.map((line) => line[cost]))
  const group = oneOf(GROUPS, random)
  const byGroup = await heliox.json<Costs[]>(`/analytics/cost/by-${group}?${query(asked)}`)
  same(`Σ by ${group} of ${query(asked)}`, sumOfRows(byGroup), expected)
  const daily = query({ ...asked, group_by: oneOf(DAILY_GROUPS, random) })
  same(`Σ daily of ${daily}`, sumOfRows(await heliox.json<Costs[]>(`/analytics/cost/daily?${daily}`)), expected)
  return BASES.length + 3 + (await explored(heliox, asked, expected, random))
}

type Costs = { total_cost_usd: string }
type Explored = Costs & { rows: (Costs & { cost_usd: string[] | null })[] }

/** One or two groups, the dearest few and the others: rows sum to the total, and the periods of a row to the row. */
async function explored(heliox: InProcess, asked: Asked, expected: bigint, random: () => number): Promise<number> {
  const names = [...new Set([oneOf(NAMES, random), oneOf(NAMES, random)])]
  const groups = random() < 0.4 ? [oneOf(TIMES, random), oneOf(NAMES, random)] : names
  const words = query({ ...asked, group_by: groups, top: String(whole(1, 4, random)) })
  const response = await heliox.call(`/analytics/explore?${words}`)
  if (response.status === 404) return 0
  if (!response.ok) throw new Error(`explore?${words} answered ${response.status}: ${await response.text()}`)
  const { rows, total_cost_usd: total } = (await response.json()) as Explored
  same(`the total of explore?${words}`, nano(total), expected)
  same(`Σ rows of explore?${words}`, sumOfRows(rows), expected)
  for (const { cost_usd: periods, total_cost_usd: row } of rows)
    if (periods) same(`Σ periods of a row of explore?${words}`, sumOf(periods.map(nano)), nano(row))
  return 1
}

const sumOfRows = (rows: readonly Costs[]) => sumOf(rows.map((row) => nano(row.total_cost_usd)))

async function reconciled({ json }: InProcess, asked: Asked, lines: readonly Line[]): Promise<void> {
  const words = query(asked)
  const answer = await json<Sums>(`/analytics/reconciliation?${words}`)
  same(`the difference of ${words}`, nano(answer.difference_usd), 0n)
  same(`the bill of ${words}`, nano(answer.billed_cost_usd), effectiveOf(lines))
  same(`the invoice of ${words}`, nano(answer.invoiced_cost_usd), sumOf(lines.map(({ billed }) => billed)))
}

type Asked = { start: Day | string; end: Day | string } & Record<string, string | readonly string[]>

function query(asked: Asked): string {
  const pairs = Object.entries(asked).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))
  return new URLSearchParams(pairs as [string, string][]).toString()
}

function same(what: string, found: bigint, expected: bigint): void {
  if (found !== expected) throw new Error(`${what} is ${found} nano-dollars, not ${expected}`)
}

/** Lines of a file that are alike are one entry, which has a list price if each of them says one. */
function listOf(lines: readonly Line[]): bigint {
  const entries = new Map<string, bigint | null>()
  for (const { account, day, provider, gpuType, effective, list } of lines) {
    const key = `${account} ${day} ${provider} ${gpuType} ${effective < 0n}`
    const before = entries.get(key)
    entries.set(key, before === null || list === null ? null : (before ?? 0n) + list)
  }
  return sumOf([...entries.values()].map((list) => list ?? 0n))
}

const effectiveOf = (lines: readonly Line[]) => sumOf(lines.map(({ effective }) => effective))

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n)
}

/** Nano-dollars of the text of an answer. */
function nano(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const size = BigInt(whole + fraction.padEnd(9, '0'))
  return text.startsWith('-') ? -size : size
}
