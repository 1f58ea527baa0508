import { router, signedIn } from '../trpc.ts'
import { toWire } from '../wire.ts'
import { closeMonth, MonthToClose } from './close-month.ts'
import { listStatements, StatementsAsked } from './list-statements.ts'
import { previewSplit, SplitToTry } from './preview-split.ts'
import { StatementAsked, statement } from './statement.ts'

export const statementsRouter = router({
  list: signedIn.input(StatementsAsked).query(({ ctx, input }) => listStatements(ctx.scope, input).then(toWire)),
  get: signedIn.input(StatementAsked).query(({ ctx, input }) => statement(ctx.scope, input).then(toWire)),
  close: signedIn.input(MonthToClose).mutation(({ ctx, input }) => closeMonth(ctx.scope, input).then(toWire)),
  previewSplit: signedIn.input(SplitToTry).query(({ ctx, input }) => previewSplit(ctx.scope, input).then(toWire)),
})
