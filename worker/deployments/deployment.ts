import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { deployments } from '../../db/schema/deployments.ts'
import type { Id } from '../../db/units/ids.ts'
import type { EpochMs } from '../../db/units/time.ts'
import { AnsweredId, Instant, Version } from '../answer-fields.ts'
import { HelioxError } from '../errors.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import type { Reader } from '../teams/team.ts'
import { versioned } from '../versions.ts'

export const DEPLOYMENT_STATES = ['planned', 'serving', 'ended'] as const

/** Which model is served on which pool with how many GPUs, from when to when. */
export const Deployment = z.object({
  id: AnsweredId('dep'),
  model: z
    .string()
    .describe('As clients ask the gateway for it')
    .meta({ examples: ['llama-3.1-70b'] }),
  provider: z.string().meta({ examples: ['aws'] }),
  gpuType: z.string().meta({ examples: ['h100'] }),
  gpuCount: z.number().int(),
  startsAtMs: Instant,
  endsAtMs: Instant.nullable().describe('Null: it serves until somebody ends it'),
  createdAtMs: Instant,
})
export type Deployment = z.output<typeof Deployment>

export const DeploymentAlone = Deployment.extend({ state: z.enum(DEPLOYMENT_STATES), version: Version })
export type DeploymentAlone = z.output<typeof DeploymentAlone>

/** One deployment. It is no team's: everybody who reads the ledger sees it. @throws HelioxError not_found `deployments.no_deployment` */
export async function deployment(scope: Scope, { id }: { id: Id<'dep'> }): Promise<DeploymentAlone> {
  allow(scope, 'ledger:read')
  return alone(await readDeployment(scope.db, id), scope.now())
}

/** The stored one. @throws HelioxError not_found `deployments.no_deployment` */
export async function readDeployment(reader: Reader, id: Id<'dep'>): Promise<Deployment> {
  const [row] = await reader.select().from(deployments).where(eq(deployments.id, id))
  if (!row) throw new HelioxError('not_found', 'deployments.no_deployment', `There is no deployment ${id}`)
  return row
}

/** With what stands beside it when it is answered alone. */
export function alone(stored: Deployment, now: EpochMs): DeploymentAlone {
  return { ...versioned(stored), state: stateOf(stored, now) }
}

/** Whether it serves at an instant. */
export function stateOf({ startsAtMs, endsAtMs }: Deployment, now: EpochMs): DeploymentAlone['state'] {
  if (endsAtMs !== null && endsAtMs <= now) return 'ended'
  return startsAtMs > now ? 'planned' : 'serving'
}
