import type { ImportStatus } from '../../components/status-words.ts'
import { mayImport, type User } from '../../user.ts'
import type { ImportView } from './history-table.tsx'

type Kind = NonNullable<ImportView['kind']>

/** What a file may hold, in words. */
export const KINDS: Record<Kind, string> = { costs: 'Bills and costs', jobs: 'Jobs', usage: 'Usage', tokens: 'Tokens' }

/** May read its rows again, or take it away: bills and usage are the whole company’s. */
export function mayChange(user: User | undefined, kind: Kind | null): boolean {
  return user !== undefined && mayImport(user) && (kind === 'jobs' || kind === 'tokens' || user.seesWholeCompany)
}

/** Not over, or to be taken up again. */
export function isUnderWay(status: ImportStatus): boolean {
  return status === 'queued' || status === 'reading' || status === 'storing' || status === 'interrupted'
}

/** A file that was refused before it was told what it is has no format. */
export function formatWord({ format, status }: ImportView): string {
  if (format !== 'auto') return format
  return isUnderWay(status) ? 'not looked at yet' : 'not recognised'
}
