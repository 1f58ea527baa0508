import { z } from 'zod'
import { rest } from '../rest.ts'
import { CheckAsked, checkNow, LedgerCheck } from './check-now.ts'
import { LedgerState, ledgerState, Rebuild, RebuildAsked, rebuildNow } from './rebuild-now.ts'

export const ledgerRoutes = [
  rest(
    'GET',
    '/ledger',
    { summary: 'The last check and rebuild of the ledger', input: z.object({}), answers: LedgerState },
    ledgerState,
  ),
  rest(
    'POST',
    '/ledger/check',
    { summary: 'Whether the ledger is what its facts make of it', input: CheckAsked, answers: LedgerCheck },
    checkNow,
  ),
  rest(
    'POST',
    '/ledger/rebuild',
    {
      summary: 'Make the ledger anew from the facts',
      input: RebuildAsked,
      answers: Rebuild,
      status: 202,
      document: { errors: ['conflict'] },
    },
    rebuildNow,
  ),
]
