import { COMPONENTS, type JsonSchema } from './schemas.ts'

/**
 * A value that fits the schema, put together from the examples of its fields; undefined where a text must have a form
 * of which no example is given.
 */
export function exampleOf(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>, field = ''): unknown {
  if (typeof schema.$ref === 'string') {
    const target = named[schema.$ref.slice(COMPONENTS.length)]
    return target && exampleOf(target, named, field)
  }
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.const !== undefined) return schema.const
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum.includes(WORDS[field]) ? WORDS[field] : schema.enum[0]
  const [one] = schema.anyOf ?? (schema.oneOf as JsonSchema[] | undefined) ?? []
  if (one) return exampleOf(one, named, field)
  const [type] = [schema.type].flat()
  if (type === 'object') return objectExample(schema, named)
  if (type === 'array') return listExample(schema, named, field)
  if (type === 'boolean') return false
  if (type === 'null') return null
  if (type === 'integer' || type === 'number') return Math.max(Number(schema.minimum ?? 1), 0)
  return type === 'string' ? textExample(schema, field) : undefined
}

/**
 * An example of a body that can be sent as it stands: of two names of one thing the first, and nothing that a first try
 * does better without, such as an expiry that lies in the past when it is read.
 */
export function bodyExample(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>): unknown {
  const example = exampleOf(schema, named)
  if (example === null || typeof example !== 'object') return example
  const { required = [] } = (typeof schema.$ref === 'string' && named[schema.$ref.slice(COMPONENTS.length)]) || schema
  const isSpare = (name: string) =>
    !required.includes(name) && (SPARE.has(name) || (SECOND_NAMES[name] ?? '') in example)
  return Object.fromEntries(Object.entries(example).filter(([name]) => !isSpare(name)))
}

const SECOND_NAMES: Readonly<Record<string, string>> = {
  capacity_gpu_hours: 'gpu_hours',
  entry_date: 'date',
  team_name: 'team_id',
}

/** Left out where they may be. */
const SPARE = new Set([
  'billing_account',
  'charge_category',
  'expires_at',
  'models',
  'pricing_category',
  'sku',
  'source',
])

function objectExample(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>): unknown {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [name, exampleOf(field, named, name)] as const,
  )
  const required = schema.required ?? []
  if (fields.some(([name, value]) => value === undefined && required.includes(name))) return undefined
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

function listExample(schema: JsonSchema, named: Readonly<Record<string, JsonSchema>>, field: string): unknown {
  const item = schema.items && exampleOf(schema.items, named, field)
  return item === undefined ? [] : [item]
}

function textExample({ format, pattern, minLength, maxLength }: JsonSchema, field: string): string | undefined {
  if (format === 'email') return 'ada@example.com'
  if (pattern !== undefined || format !== undefined) return undefined
  const text = WORDS[field] ?? field.replaceAll('_', ' ')
  return text.padEnd(Number(minLength ?? 0), '.').slice(0, Number(maxLength ?? text.length + 80))
}

/** Texts of fields that a reader meets often. */
const WORDS: Readonly<Record<string, string>> = {
  access_token: 'eyJhbGciOiJIUzI1NiJ9…',
  account: '123456789012',
  email: 'ada@example.com',
  gpu_type: 'h100',
  job_id: 'train-2041',
  model_name: 'llama-3-70b',
  name: 'An example',
  password: 'a long and private phrase',
  provider: 'aws',
  refresh_token: 'p5zv3c7xk2…',
  region: 'eu-west-1',
  role: 'viewer',
  team_name: 'research',
  username: 'ada@example.com',
}
