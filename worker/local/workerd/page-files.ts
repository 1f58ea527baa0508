import { getMimeType } from 'hono/utils/mime'

/** A directory as workerd serves one. */
export type Files = { fetch(url: string, init?: RequestInit): Promise<Response> }

type Rule = { path: RegExp; headers: [string, string][] }

/**
 * The built page, as Cloudflare serves it: `/docs` is docs.html and `/docs.html` leads there, headers of the file `_headers`, an
 * ETag of size and time, 304 for who has it.
 */
export class PageFiles {
  private readonly files: Files
  private readonly rules: Rule[]

  constructor(files: Files, headers: string) {
    this.files = files
    this.rules = rulesIn(headers)
  }

  /** Null: no file has that path. */
  async at(request: Request): Promise<Response | null> {
    const { pathname, search } = new URL(request.url)
    if ((request.method !== 'GET' && request.method !== 'HEAD') || pathname.split('/').some((part) => part[0] === '_'))
      return null
    const shown = /^(.*?)(\/index\.html|\.html|(?<=.)\/)$/.exec(pathname)?.[1]
    for (const name of pathname === '/' ? ['/index.html'] : [pathname, `${shown ?? pathname}.html`]) {
      const file = await this.files.fetch(`http://files${name}`, { method: request.method })
      const isFile = file.ok && file.headers.get('content-type') !== 'application/json' // that is how folders are listed
      if (!isFile && !(file.ok && name.endsWith('.json'))) {
        await file.body?.cancel()
        continue
      }
      if (shown === undefined) return this.answer(request, pathname, name, file)
      await file.body?.cancel()
      return new Response(null, { status: 307, headers: { location: `${shown || '/'}${search}` } })
    }
    return null
  }

  private answer(request: Request, pathname: string, name: string, file: Response): Response {
    const headers = new Headers({ 'cache-control': 'public, max-age=0, must-revalidate' })
    const etag = `"${file.headers.get('content-length')}-${Date.parse(file.headers.get('last-modified') ?? '') || 0}"`
    headers.set('content-type', getMimeType(name) ?? 'application/octet-stream')
    headers.set('etag', etag)
    for (const { path, headers: own } of this.rules)
      if (path.test(pathname)) for (const [key, value] of own) headers.set(key, value)
    if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
    return new Response(file.body, { headers })
  }
}

/** Paths at the margin, a star for anything; below each its headers. */
function rulesIn(text: string): Rule[] {
  const rules: Rule[] = []
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s+([\w-]+):\s*(.*)$/.exec(line) ?? []
    if (name && value !== undefined) rules.at(-1)?.headers.push([name, value])
    else if (line.startsWith('/')) {
      const parts = line.trim().split('*')
      const path = new RegExp(`^${parts.map((part) => part.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&')).join('.*')}$`)
      rules.push({ path, headers: [] })
    }
  }
  return rules
}
