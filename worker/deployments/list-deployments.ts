import { and, count, desc, eq, gt, isNull, lte, or } from 'drizzle-orm'
import { z } from 'zod'
import { deployments } from '../../db/schema/deployments.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { NormalName, Paging } from '../input-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { alone, DeploymentAlone } from './deployment.ts'

export const DeploymentsAsked = z.object({
  ...Paging,
  model: z.string().max(200).optional(),
  provider: NormalName.optional(),
  gpuType: NormalName.optional(),
  open: z.enum(['true', 'false']).optional().describe('true: those that have not ended; false: those that have'),
})

export const DeploymentsPage = PageOf('deployments', DeploymentAlone)

/** Deployments, the newest start first. They are no team's: everybody who reads the ledger sees them all. */
export async function listDeployments(
  scope: Scope,
  asked: z.output<typeof DeploymentsAsked>,
): Promise<z.output<typeof DeploymentsPage>> {
  allow(scope, 'ledger:read')
  const { model, provider, gpuType, open, skip, limit } = asked
  const isOpen = or(isNull(deployments.endsAtMs), gt(deployments.endsAtMs, scope.now()))
  const where = and(
    model === undefined ? undefined : eq(deployments.model, model),
    provider === undefined ? undefined : eq(deployments.provider, provider),
    gpuType === undefined ? undefined : eq(deployments.gpuType, gpuType),
    open === 'true' ? isOpen : undefined,
    open === 'false' ? lte(deployments.endsAtMs, scope.now()) : undefined,
  )
  const rows = await scope.db
    .select()
    .from(deployments)
    .where(where)
    .orderBy(desc(deployments.startsAtMs), desc(deployments.id))
    .limit(limit)
    .offset(skip)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(deployments)
    .where(where)
  const page = rows.map((row) => alone(row, scope.now()))
  return pageOf('deployments', page, all?.total ?? 0, { skip, limit }, false)
}
