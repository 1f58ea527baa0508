import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { BackupAsked, listBackups, verifyBackup } from './list-backups.ts'
import { makeBackup } from './make-backup.ts'

export const backupsRouter = router({
  list: signedIn.query(({ ctx }) => listBackups(ctx.scope, ctx).then(toWire)),
  create: signedIn.mutation(({ ctx }) => {
    const making = makeBackup(ctx.scope, ctx)
    ctx.outlive(making.catch(() => undefined)) // who closes the page does not stop it
    return making.then(toWire)
  }),
  verify: signedIn.input(BackupAsked).mutation(({ ctx, input }) => verifyBackup(ctx.scope, ctx, input).then(toWire)),
})
