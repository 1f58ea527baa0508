import { rest } from '../rest.ts'
import { AuditAsked, AuditPage, exportAudit, LONGEST_EXPORT, listAudit } from './list-audit.ts'

export const auditRoutes = [
  rest(
    'GET',
    '/audit',
    {
      summary: `Audit log, newest first; as text/csv every line that the filters let through, up to ${LONGEST_EXPORT}`,
      input: AuditAsked,
      answers: AuditPage,
      document: { errors: ['too_large'] },
    },
    async (scope, asked, { request }) => {
      const wantsFile = request.headers.get('accept')?.includes('text/csv') ?? false
      return wantsFile ? exportAudit(scope, asked) : listAudit(scope, asked)
    },
  ),
]
