import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { type NanoUsd, nanoUsd } from '../../db/units/money.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId, GpuTime, Instant, Usd } from '../answer-fields.ts'
import { expected } from '../errors.ts'
import { Owner, type OwnerOf, ownerAnswer, readOwner } from './owner.ts'
import { OwnerRule, type Reader } from './owner-rule.ts'
import { type AppliedRule, decideAlike, readInForce, rulesToApply, setId } from './rules-in-force.ts'

/** Charges of bills that went from one owner to another. */
const MovedCharges = z.object({
  from: Owner.nullable().describe('Null: nobody’s by rule, shared over the jobs of its pool-day'),
  to: Owner.nullable().describe('Null: shared over the jobs of its pool-day'),
  entryCount: z.number().int(),
  effectiveNanoUsd: Usd,
})

/** Jobs that went from one team to another, with what they were charged before. */
const MovedJobs = z.object({
  fromTeamId: AnsweredId('team'),
  fromTeam: z.string().nullable().describe('Null: the team is gone'),
  toTeamId: AnsweredId('team'),
  toTeam: z.string().nullable(),
  jobCount: z.number().int(),
  gpuSeconds: GpuTime,
  allocationNanoUsd: Usd.describe('What these jobs were charged before they moved'),
})

/** What an application moves. Other jobs of the same pool-days are charged anew by what is left to share. */
export const Moved = z.object({
  entryCount: z.number().int(),
  chargeNanoUsd: Usd.describe('Σ effective cost of the charges that change owners, without regard to their sign'),
  jobCount: z.number().int(),
  jobNanoUsd: Usd.describe('Σ of what the jobs that change teams are charged'),
  charges: z.array(MovedCharges).describe('The largest amount first'),
  jobs: z.array(MovedJobs).describe('The largest amount first'),
})
export type Moved = z.output<typeof Moved>

const About = {
  id: AnsweredId('set'),
  appliedAtMs: Instant,
  appliedBy: z.string().describe('E-mail or key name'),
  isDone: z.boolean().describe('False: history is still being gone through; what comes in follows these rules already'),
  ruleCount: z.number().int(),
}

export const RuleSetState = z.object(About)

/** One application: the rules as they were, and what moved. */
export const RuleSet = RuleSetState.extend({
  isInForce: z.boolean(),
  isReplaced: z.boolean().describe('Another set was applied before this one was through'),
  rules: z.array(OwnerRule.omit({ createdAtMs: true, updatedAtMs: true })),
  moved: Moved,
})
export type RuleSet = z.output<typeof RuleSet>

/** How far an application is, and what it moved until there: `owner_rule_sets.moved`. Amounts are text, JSON has no bigint. */
export type Progress = {
  /** Jobs and kinds of charges up to these rows are gone through. */
  jobsUpTo: number
  dimensionsUpTo: number
  /** From owner, to owner (JSON, '': nobody), entries, effective nano-dollars. */
  charges: [from: string, to: string, entries: number, nano: string][]
  /** From team, to team (rows), jobs, GPU-ms, nano-dollars that they were charged. */
  jobs: [from: number, to: number, jobs: number, gpuMs: number, nano: string][]
  isReplaced?: boolean
}

export const AT_THE_START: Progress = { jobsUpTo: 0, dimensionsUpTo: 0, charges: [], jobs: [] }

/** `owner_rule_sets` as it is read. */
export type SetRow = {
  id: bigint
  appliedAtMs: bigint
  appliedBy: string
  rules: string
  moved: string
  isDone: bigint
}
export const SET_COLUMNS = sql.raw(
  'id, applied_at_ms as appliedAtMs, applied_by as appliedBy, rules, moved, is_done as isDone',
)

/** What is in force, and whether the list would decide alike. */
export async function readState(reader: Reader) {
  const [row] = await reader.all<SetRow>(sql`select ${SET_COLUMNS} from owner_rule_sets order by id desc limit 1`)
  return { inForce: row ? stateOf(row) : null, isApplied: await isApplied(reader) }
}

async function isApplied(reader: Reader): Promise<boolean> {
  try {
    return decideAlike(await rulesToApply(reader), (await readInForce(reader))?.rules ?? [])
  } catch (error) {
    if (expected(error)) return false // it cannot be applied as it stands
    throw error
  }
}

function stateOf(row: SetRow): z.output<typeof RuleSetState> {
  return {
    ...{ id: setId(row.id), appliedAtMs: Number(row.appliedAtMs) as EpochMs, appliedBy: row.appliedBy },
    ...{ isDone: row.isDone === 1n, ruleCount: (JSON.parse(row.rules) as unknown[]).length },
  }
}

/** The set as it is answered. */
export function setAnswer(row: SetRow, inForce: number, names: ReadonlyMap<TeamId, string>): RuleSet {
  const progress = JSON.parse(row.moved) as Progress
  const rules = (JSON.parse(row.rules) as AppliedRule[]).map(
    ({ id, priority, field, tagKey, pattern, owner, note }) => ({
      ...{
        id: id as `own_${number}`,
        priority,
        field,
        tagKey,
        pattern,
        owner: ownerAnswer(readOwner(owner), names),
        note,
      },
    }),
  )
  return {
    ...stateOf(row),
    ...{ isInForce: Number(row.id) === inForce, isReplaced: progress.isReplaced === true, rules },
    moved: movedAnswer(progress, names),
  }
}

/** What moved, in words of teams. */
export function movedAnswer(
  { charges, jobs }: Pick<Progress, 'charges' | 'jobs'>,
  names: ReadonlyMap<TeamId, string>,
): Moved {
  const owner = (text: string) => (text === '' ? null : ownerAnswer(JSON.parse(text) as OwnerOf, names))
  const id = (row: number): TeamId => `team_${row}`
  const size = (nano: NanoUsd) => (nano < 0n ? -nano : nano)
  const largest =
    <T>(amount: (of: T) => NanoUsd) =>
    (a: T, b: T) =>
      size(amount(a)) < size(amount(b)) ? 1 : -1
  const movedCharges = charges.map(([from, to, entryCount, nano]) => ({
    ...{ from: owner(from), to: owner(to), entryCount, effectiveNanoUsd: nanoUsd(BigInt(nano)) },
  }))
  const movedJobs = jobs.map(([from, to, jobCount, gpuMs, nano]) => ({
    ...{ fromTeamId: id(from), fromTeam: names.get(id(from)) ?? null },
    ...{ toTeamId: id(to), toTeam: names.get(id(to)) ?? null, jobCount, gpuSeconds: gpuMs / 1000 },
    allocationNanoUsd: nanoUsd(BigInt(nano)),
  }))
  const sum = (amounts: bigint[]) => nanoUsd(amounts.reduce((total, amount) => total + amount, 0n))
  return {
    entryCount: movedCharges.reduce((total, { entryCount }) => total + entryCount, 0),
    chargeNanoUsd: sum(movedCharges.map(({ effectiveNanoUsd }) => size(effectiveNanoUsd))),
    jobCount: movedJobs.reduce((total, { jobCount }) => total + jobCount, 0),
    jobNanoUsd: sum(movedJobs.map(({ allocationNanoUsd }) => allocationNanoUsd)),
    charges: movedCharges.sort(largest(({ effectiveNanoUsd }) => effectiveNanoUsd)),
    jobs: movedJobs.sort(largest(({ allocationNanoUsd }) => allocationNanoUsd)),
  }
}
