import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { AuditAsked, listAudit } from './list-audit.ts'

export const auditRouter = router({
  list: signedIn.input(AuditAsked).query(({ ctx, input }) => listAudit(ctx.scope, input).then(toWire)),
})
