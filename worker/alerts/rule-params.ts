import { z } from 'zod'
import type { TeamId } from '../../db/units/ids.ts'
import { HelioxError } from '../errors.ts'
import { KINDS, kindNamed } from './kinds/index.ts'
import type { AlertKind } from './kinds/kind.ts'

export type Params = Record<string, string | number | boolean>

/**
 * What a kind's own schema makes of its params: every field, with the defaults filled in.
 * @throws HelioxError invalid `request.invalid`, a line per field: "params -> above_usd: …"; `alerts.unknown_kind`
 */
export function checkedParams(kindName: string, given: Params): Params {
  const { params } = kindNamed(kindName)
  const names = fieldsOf(params).map(({ name }) => name)
  const result = params.safeParse(given)
  const details = [
    ...Object.keys(given)
      .filter((name) => !names.includes(name))
      .map(
        (name) =>
          `params -> ${snake(name).slice(0, 60)}: there is no such field; known: ${names.map(snake).join(', ')}`,
      ),
    ...(result.success ? [] : result.error.issues).map(
      ({ path, message }) => `params -> ${snake(path.join('.'))}: ${wordsOf(message)}`,
    ),
  ]
  if (details.length === 0 && result.success) return result.data as Params
  const more = details.length > 1 ? ` (and ${details.length - 1} more)` : ''
  throw new HelioxError('invalid', 'request.invalid', `Invalid request: ${details[0]}${more}`, { details })
}

/** @throws HelioxError invalid `alerts.kind_of`: there are no rules of that kind for a team, or for the company */
export function requireKindOf(kind: AlertKind, teamId: TeamId | null): void {
  if (kind.of.includes(teamId ? 'team' : 'company')) return
  const message = teamId ? 'Rules of this kind are for the whole company' : 'Rules of this kind are for one team'
  throw new HelioxError('invalid', 'alerts.kind_of', message, { details: [`team_id: ${message}`] })
}

/** A field of a kind, as a form shows it. */
export const KindField = z.object({
  name: z.string(),
  label: z.string(),
  hint: z.string(),
  type: z.enum(['text', 'number', 'choice', 'flag']),
  choices: z.array(z.string()),
  example: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).nullable(),
  isRequired: z.boolean(),
})

export const AlertKinds = z.array(
  z.object({
    kind: z.string().meta({ examples: ['spend'] }),
    title: z.string(),
    describes: z.string(),
    of: z.array(z.enum(['company', 'team'])),
    params: z.array(KindField),
  }),
)

/** The kinds of rules, and what each needs to know. */
export function alertKinds(): z.output<typeof AlertKinds> {
  return KINDS.map(({ name, title, describes, of, params }) => ({
    ...{ kind: name, title, describes, of: [...of], params: fieldsOf(params) },
  }))
}

type JsonField = {
  type?: string
  enum?: string[]
  title?: string
  description?: string
  examples?: unknown[]
  default?: unknown
  anyOf?: JsonField[]
}

function fieldsOf(schema: z.ZodType): z.output<typeof KindField>[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, JsonField>
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => ({
    ...{ name, label: field.title ?? name, hint: field.description ?? '', type: typeOf(field) },
    ...{ choices: field.enum ?? [], example: String(field.examples?.[0] ?? ''), isRequired: required.includes(name) },
    default: (field.default as string | number | boolean | undefined) ?? null,
  }))
}

function typeOf(field: JsonField): z.output<typeof KindField>['type'] {
  if (field.enum) return 'choice'
  if (field.type === 'integer' || field.type === 'number') return 'number'
  return field.type === 'boolean' ? 'flag' : 'text'
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What zod says of a field that is not there. */
function wordsOf(message: string): string {
  return /received undefined/.test(message) ? 'is missing' : message
}
