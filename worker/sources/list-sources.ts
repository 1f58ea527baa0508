import { count, eq } from 'drizzle-orm'
import { z } from 'zod'
import { SOURCE_KINDS, sourceRuns } from '../../db/schema/sources.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { allow } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { KINDS } from './kinds/index.ts'
import { Run, selectRuns } from './run.ts'
import { countSources, Source, type SourceId, type SourceScope, selectSources, sourceOf, sourceRow } from './source.ts'

type Page = { skip: number; limit: number }

export const SourcePage = PageOf('sources', Source)

/** Sources by name, each with its last run. */
export async function listSources(scope: SourceScope, page: Page): Promise<z.output<typeof SourcePage>> {
  allow(scope, 'sources:read')
  return pageOf(
    'sources',
    await selectSources(scope.db, scope, undefined, page),
    await countSources(scope.db),
    page,
    false,
  )
}

/** @throws HelioxError not_found `sources.no_source` */
export async function oneSource(scope: SourceScope, { id }: { id: SourceId }): Promise<Source> {
  allow(scope, 'sources:read')
  return sourceOf(scope.db, scope, id)
}

export const RunPage = PageOf('runs', Run)

/** A source's runs, the latest first. @throws HelioxError not_found `sources.no_source` */
export async function listRuns(
  scope: Scope,
  { id, ...page }: Page & { id: SourceId },
): Promise<z.output<typeof RunPage>> {
  allow(scope, 'sources:read')
  await sourceRow(scope.db, id)
  const runs = await selectRuns(scope.db, id, page)
  const [all] = await scope.db
    .select({ total: count().mapWith(Number) })
    .from(sourceRuns)
    .where(eq(sourceRuns.sourceId, id))
  return pageOf('runs', runs, all?.total ?? 0, page, false)
}

/** A field of a kind, as a form shows it. */
export const KindField = z.object({
  name: z.string(),
  label: z.string(),
  hint: z.string(),
  type: z.enum(['text', 'lines', 'number', 'choice', 'flag']),
  choices: z.array(z.string()),
  example: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  isRequired: z.boolean(),
})

export const SourceKinds = z.array(
  z.object({
    kind: z.enum(SOURCE_KINDS),
    label: z.string(),
    format: z.string().nullable().describe('The importer that reads what it brings; null: as the source says'),
    config: z.array(KindField),
    secrets: z.array(KindField),
  }),
)

/** The kinds of sources, and what each needs to know. */
export async function sourceKinds(scope: Pick<Scope, 'actor'>): Promise<z.output<typeof SourceKinds>> {
  allow(scope, 'sources:read')
  return KINDS.map(({ id, label, format, config, secrets }) => ({
    ...{ kind: id, label, format, config: fieldsOf(config), secrets: fieldsOf(secrets) },
  }))
}

type JsonField = {
  type?: string
  enum?: string[]
  title?: string
  description?: string
  examples?: unknown[]
  default?: unknown
  hasLines?: boolean
  anyOf?: JsonField[]
}

/** The fields of a schema, made of its titles and descriptions. A door: whatever has kinds has forms of them. */
export function fieldsOf(schema: z.ZodType): z.output<typeof KindField>[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, JsonField>
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => {
    return {
      ...{ name, label: field.title ?? name, hint: field.description ?? '', type: typeOf(field) },
      ...{ choices: field.enum ?? [], example: String(field.examples?.[0] ?? ''), isRequired: required.includes(name) },
      default: (field.default as string | number | boolean | undefined) ?? null,
    }
  })
}

function typeOf(field: JsonField): z.output<typeof KindField>['type'] {
  if (field.enum) return 'choice'
  if (field.type === 'integer' || field.type === 'number') return 'number'
  if (field.type === 'boolean') return 'flag'
  return field.hasLines ? 'lines' : 'text'
}
