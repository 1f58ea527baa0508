import { eventStream } from '../event-stream.ts'
import { rest } from '../rest.ts'
import { LiveAsked, watchChanges } from './watch-changes.ts'

export const liveRoutes = [
  rest(
    'GET',
    '/live',
    {
      summary: 'That something has changed, as it happens',
      input: LiveAsked,
      document: {
        operationId: 'watchChanges',
        answerType: 'text/event-stream',
        description:
          'Server-sent events, each with `ledger`, `imports` and `calls`, texts that are another one after each change: `state` first, ' +
          '`ledger` when bills, jobs, teams or settings have changed anything that analytics answers, `import` when an import ' +
          'that you may see starts or ends, `calls` when calls of the gateway have come in, and `end` when the time is over: ask again. Never what has changed: ask for that.',
      },
    },
    async (scope, asked, { answerHeaders }) => eventStream(watchChanges(scope, asked), answerHeaders),
  ),
]
