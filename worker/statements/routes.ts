import { z } from 'zod'
import { rest } from '../rest.ts'
import { closeMonth, MonthToClose } from './close-month.ts'
import { listStatements, StatementMonths, StatementsAsked } from './list-statements.ts'
import { previewSplit, SplitPreview, SplitToTry } from './preview-split.ts'
import { StatementAlone, StatementAsked, statement, statementLines } from './statement.ts'
import { StatementLine } from './statement-fields.ts'

export const statementsRoutes = [
  rest(
    'GET',
    '/statements',
    { summary: 'Months, open and closed', input: StatementsAsked, answers: StatementMonths },
    listStatements,
  ),
  rest(
    'GET',
    '/statements/:month',
    {
      summary: 'The chargeback statement of a month',
      input: StatementAsked,
      answers: StatementAlone,
      document: {
        description: 'A closed month is the same for ever; what changed later is an adjustment of a later one.',
      },
    },
    statement,
  ),
  rest(
    'GET',
    '/statements/:month/lines',
    {
      summary: 'The lines of a month’s statement',
      input: StatementAsked,
      answers: z.array(StatementLine),
      document: { description: 'As CSV for who asks so: the lines sum to the bill and its adjustments, to the digit.' },
    },
    statementLines,
  ),
  rest(
    'POST',
    '/statements/:month/close',
    {
      summary: 'Close a month',
      input: MonthToClose,
      answers: StatementAlone,
      document: {
        description: 'For ever: a closed month is not opened, changed or removed again.',
        errors: ['conflict', 'unavailable'],
      },
    },
    closeMonth,
  ),
  rest(
    'POST',
    '/statements/:month/preview-split',
    { summary: 'What a way to share would give each team', input: SplitToTry, answers: SplitPreview },
    previewSplit,
  ),
]
