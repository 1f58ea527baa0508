import type { RestRoute } from '../rest.ts'

/**
 * The name of a route in clients that are made from the document, from method and path alone so that it stays:
 * listTeams, getTeam, createTeam, updateTeam, deleteTeam, listImportErrors, rotateKey, authLogin.
 */
export function operationIdOf({ method, path, status, takesFile, document }: RestRoute): string {
  if (document.operationId) return document.operationId
  const parts = path.split('/').filter((part) => part !== '')
  const last = parts.at(-1) ?? ''
  const words = parts.flatMap((part, index) => {
    if (isParameter(part)) return []
    const named = part.replace(/\.\w+$/, '')
    return [isParameter(parts[index + 1] ?? '') || (index === 0 && parts.length > 1) ? singular(named) : named]
  })
  if (isParameter(last)) return camel([VERBS[method], ...words])
  if (method === 'GET') return camel([isPlural(last) || MANY.has(last) ? 'list' : 'get', ...words])
  if (method !== 'POST') return camel([VERBS[method], ...words])
  if (status === 201 || takesFile) return camel(['create', ...words.slice(0, -1), singular(words.at(-1) ?? '')])
  const isAction = parts.some(isParameter)
  return camel(isAction ? [words.at(-1) ?? '', ...words.slice(0, -1)] : words)
}

const VERBS = { GET: 'get', POST: 'post', PUT: 'update', DELETE: 'delete' } as const

/** Lists whose name has no plural. */
const MANY = new Set(['audit', 'sso', 'usage'])

/** "list-teams" and "gpu_type" as PascalCase. */
export function pascal(text: string): string {
  return text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')
}

function camel(words: readonly string[]): string {
  const name = pascal(words.join('-'))
  return name.slice(0, 1).toLowerCase() + name.slice(1)
}

function isParameter(part: string): boolean {
  return part.startsWith(':')
}

/** English of our paths: teams, entries, analytics (which has no singular), sso. */
function isPlural(word: string): boolean {
  return /[^sui]s$/.test(word) && !/ics$/.test(word)
}

export function singular(word: string): string {
  if (!isPlural(word)) return word
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.slice(0, -1)
}
