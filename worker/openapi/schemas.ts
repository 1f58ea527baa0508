import { z } from 'zod'
import { GpuTime, Instant, Usd } from '../answer-fields.ts'
import type { RestRoute } from '../rest.ts'
import { snakeName, unitIn, wireName } from '../wire.ts'
import { operationIdOf, pascal, singular } from './operation-id.ts'
import { FIELDS } from './words.ts'

export type JsonSchema = {
  [keyword: string]: unknown
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  description?: string
  examples?: unknown[]
}

/** Where the document keeps what has a name. */
export const COMPONENTS = '#/components/schemas/'

const money = metaOf(Usd)
const units = { gpu_time: metaOf(GpuTime), instant: metaOf(Instant) }

function metaOf(field: z.ZodType): JsonSchema {
  const { id, ...meta } = field.meta() ?? {}
  return meta as JsonSchema
}

/** What a route takes, with names as they are on the wire. */
export function inputSchema(route: RestRoute): JsonSchema {
  const schema = z.toJSONSchema(route.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return renamed(schema, snakeName)
}

/** Every named answer, names and units as they are on the wire, and under which name each schema is found. */
export function answerSchemas(routes: readonly RestRoute[], more: Record<string, z.ZodType>) {
  const names = namesOf(routes, more)
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    io: 'output',
    unrepresentable: 'any',
    uri: (id) => `${COMPONENTS}${id}`,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') Object.assign(jsonSchema, money)
    },
  })
  const { __shared: shared, ...own } = schemas as Record<string, JsonSchema>
  const all = { ...own, ...(shared?.$defs as Record<string, JsonSchema> | undefined) }
  const onWire = (name: string) => snakeName(wireName(name))
  const components = Object.fromEntries(Object.entries(all).map(([id, schema]) => [id, renamed(schema, onWire)]))
  return { names, components }
}

/**
 * A name for each answer: its own (`.meta({ id })`), else what the path is about ("Team"), else the operation's. The rows
 * of a page are named as well.
 */
function namesOf(routes: readonly RestRoute[], more: Record<string, z.ZodType>): Map<z.ZodType, string> {
  const names = new Map(Object.entries(more).map(([id, schema]) => [schema, id]))
  const taken = new Set(names.values())
  const give = (schema: z.ZodType, ...candidates: string[]) => {
    if (names.has(schema)) return
    const id = schema.meta()?.id ?? candidates.find((name) => !taken.has(name))
    if (id === undefined || taken.has(id)) throw new Error(`Two answers are called ${id ?? candidates[0]}`)
    names.set(schema, id)
    taken.add(id)
  }
  const answering = routes.flatMap((route) => (route.answers ? [{ route, answers: route.answers }] : []))
  const ofOneThing = ({ route }: { route: RestRoute }) => /\/:\w+$/.test(route.path) || route.status === 201
  for (const { route, answers } of [...answering.filter(ofOneThing), ...answering]) {
    const id = operationIdOf(route)
    const noun = pascal(id.replace(/^(list|get|create|update|delete)(?=[A-Z])/, ''))
    const rows = rowsIn(answers)
    if (rows) give(rows.item, pascal(singular(rows.name || noun)), `${pascal(id)}Row`)
    give(answers, ...(ofOneThing({ route }) ? [noun] : []), `${pascal(id)}Answer`)
  }
  return names
}

/** The rows of a list or of a page, if they are objects. */
export function rowsIn(answers: z.ZodType): { name: string; item: z.ZodType } | null {
  if (answers instanceof z.ZodArray) return rowOf('', answers)
  if (!(answers instanceof z.ZodObject)) return null
  const lists = Object.entries(answers.shape).filter(([, field]) => field instanceof z.ZodArray)
  const [only] = lists
  return only && lists.length === 1 ? rowOf(only[0], only[1] as z.ZodArray) : null
}

function rowOf(name: string, { element }: z.ZodArray): { name: string; item: z.ZodType } | null {
  return element instanceof z.ZodObject ? { name, item: element } : null
}

/** The same schema with every property under its name on the wire, and numbers whose name has a unit as its text. */
function renamed(schema: JsonSchema, rename: (name: string) => string, name = ''): JsonSchema {
  const unit = unitIn(name)
  if (unit && (schema.type === 'number' || schema.type === 'integer')) return { ...units[unit], ...wordsOf(schema) }
  const result: JsonSchema = { ...schema }
  delete result.$schema
  delete result.$id
  delete result.id
  delete result.additionalProperties // new fields may come: readers ignore what they do not know
  if (typeof schema.additionalProperties === 'object')
    result.additionalProperties = renamed(schema.additionalProperties as JsonSchema, rename)
  if (typeof result.$ref === 'string') result.$ref = result.$ref.replace(/^.*__shared#\/\$defs\//, COMPONENTS)
  if (schema.properties)
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, field]) => {
        const description = FIELDS[rename(key)]
        const words = description && !field.description && !field.$ref ? { description } : {}
        return [rename(key), { ...renamed(field, rename, key), ...words }]
      }),
    )
  if (schema.required) result.required = schema.required.map(rename)
  if (schema.items) result.items = renamed(schema.items, rename, name)
  for (const word of ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const)
    if (Array.isArray(schema[word]))
      result[word] = (schema[word] as JsonSchema[]).map((part) => renamed(part, rename, name))
  return result
}

function wordsOf({ description, examples }: JsonSchema): JsonSchema {
  return { ...(description ? { description } : {}), ...(examples ? { examples } : {}) }
}
