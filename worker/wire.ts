import { gpuHoursText } from '../db/units/gpu.ts'
import { type NanoUsd, type UsdText, usdText } from '../db/units/money.ts'
import { HelioxError } from './errors.ts'

/** `costNanoUsd` → `costUsd`, `gpuSeconds` → `gpuHours`, `startedAtMs` → `startedAt`; other names stay. */
type WireName<K> = K extends `${infer Head}NanoUsd`
  ? `${Head}Usd`
  : K extends `${infer Head}GpuSeconds`
    ? `${Head}GpuHours`
    : K extends 'gpuSeconds'
      ? 'gpuHours'
      : K extends `${infer Head}AtMs`
        ? `${Head}At`
        : K

type WireValue<K, V> = V extends bigint
  ? UsdText
  : V extends number
    ? K extends `${string}GpuSeconds` | 'gpuSeconds'
      ? `${number}`
      : K extends `${string}AtMs`
        ? string
        : V
    : Wire<V>

/** The type of an answer once its units are text. */
export type Wire<T> = unknown extends T
  ? T
  : T extends bigint
    ? UsdText
    : T extends string | number | boolean | null | undefined
      ? T
      : T extends readonly (infer Item)[]
        ? Wire<Item>[]
        : { [K in keyof T as WireName<K>]: WireValue<K, T[K]> }

/**
 * A verb's answer as it leaves the building: costNanoUsd 2490000000n → costUsd "2.49", gpuSeconds 5400 →
 * gpuHours "1.5", startedAtMs → startedAt in ISO 8601. Units sit in the names, so one function does it
 * for tRPC and REST; forgetting it fails at once, because JSON refuses a bigint.
 */
export function toWire<T>(answer: T): Wire<T> {
  return convert('', answer) as Wire<T>
}

function convert(name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return usdText(value as NanoUsd)
  if (typeof value === 'number' && unitIn(name) === 'gpu_time') return gpuHoursText(value)
  if (typeof value === 'number' && unitIn(name) === 'instant') return new Date(value).toISOString()
  if (Array.isArray(value)) return value.map((item) => convert(name, item))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wireName(key), convert(key, item)]))
}

/** What a number under this name is, if it leaves as text. The document of the REST paths asks too. */
export function unitIn(name: string): 'gpu_time' | 'instant' | null {
  if (/gpuSeconds$/i.test(name)) return 'gpu_time'
  return name.endsWith('AtMs') ? 'instant' : null
}

/** The name once its unit is text: "costNanoUsd" → "costUsd". */
export function wireName(name: string): string {
  return name
    .replace(/NanoUsd$/, 'Usd')
    .replace(/GpuSeconds$/, 'GpuHours')
    .replace(/^gpuSeconds$/, 'gpuHours')
    .replace(/AtMs$/, 'At')
}

/** Object keys in snake_case, all the way down: how REST writes names. */
export function snakeKeys(value: unknown): unknown {
  return renamed(value, snakeName)
}

/** "gpuType" → "gpu_type". */
export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Object keys in camelCase, all the way down: how verbs read names. */
export function camelKeys(value: unknown): unknown {
  return renamed(value, camelName)
}

/** "gpu_type" → "gpuType". */
export function camelName(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Nothing of ours is nested deeper; a body of a hundred thousand brackets would end the stack. */
const DEEPEST = 32

function renamed(value: unknown, rename: (key: string) => string, depth = 0): unknown {
  if (depth > DEEPEST) throw new HelioxError('invalid', 'request.too_deep', `Nested deeper than ${DEEPEST} levels`)
  if (Array.isArray(value)) return value.map((item) => renamed(item, rename, depth + 1))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), renamed(item, rename, depth + 1)]))
}
