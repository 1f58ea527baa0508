import { z } from 'zod'
import { normalName } from '../../db/units/gpu.ts'
import { readUsd, toNanoUsd } from '../../db/units/money.ts'
import { questionWith } from '../analytics/window.ts'

/** Millionths of one: shares are whole numbers of them, so that what comes back equal is equal. */
export const MILLION = 1_000_000n

/** A pool that a change is about; null: any. */
export type OfPools = { provider: string | null; gpuType: string | null }
export type OfPool<Value> = OfPools & { value: Value }

/** One text, or several: a query repeats its name. */
function listOf<Value>(read: (text: string) => Value | null, form: string) {
  return z
    .union([z.string().transform((text) => [text]), z.array(z.string()).max(100)])
    .default([])
    .transform((texts, context): Value[] =>
      texts.flatMap((text) => {
        const value = text.length > 300 ? null : read(text)
        if (value === null)
          context.addIssue({ code: 'custom', message: `expected ${form}, found "${text.slice(0, 60)}"` })
        return value === null ? [] : [value]
      }),
    )
    .describe(`${form}; repeatable`)
}

/** `PROVIDER/GPU=VALUE`, with `*` for any; the last = is the one. */
function ofPool<Value>(read: (text: string) => Value | null) {
  return (text: string): OfPool<Value> | null => {
    const match = /^([^/]+)\/(.*)=([^=]*)$/.exec(text)
    if (!match) return null
    const [, provider = '', gpuType = '', rest = ''] = match
    const value = read(rest.trim())
    const name = (one: string) => (one.trim() === '*' ? null : normalName(one))
    return value === null ? null : { provider: name(provider), gpuType: name(gpuType), value }
  }
}

/** `MODEL=VALUE`. */
function ofModel<Value>(read: (text: string) => Value | null) {
  return (text: string): { model: string; value: Value } | null => {
    const at = text.lastIndexOf('=')
    const value = at > 0 ? read(text.slice(at + 1).trim()) : null
    return value === null ? null : { model: text.slice(0, at).trim(), value }
  }
}

/** Percent as millionths of one, between two bounds: "-12.5" → −125000. */
function percentBetween(least: number, most: number) {
  return (text: string): bigint | null => {
    const match = /^([+-]?)(\d{1,4})(?:\.(\d{1,4}))?$/.exec(text.replace(/%$/, ''))
    if (!match || Number(text.replace(/%$/, '')) < least || Number(text.replace(/%$/, '')) > most) return null
    const [, sign = '', whole = '', fraction = ''] = match
    const size = BigInt(whole + fraction.padEnd(4, '0'))
    return sign === '-' ? -size : size
  }
}

function amount(text: string): bigint | null {
  const exact = readUsd(text)
  return exact && exact.digits > 0n ? toNanoUsd(exact) : null
}

function commitment(text: string): { gpus: bigint; discount: bigint } | null {
  const match = /^(\d{1,6})@(.+)$/.exec(text)
  const discount = match ? percentBetween(0, 99)(match[2] ?? '') : null
  return match && discount !== null ? { gpus: BigInt(match[1] ?? 0), discount } : null
}

function tokenPrice(text: string): { input: string; output: string; cachedInput: string | null } | null {
  const [input = '', output = '', cached] = text.split(',').map((one) => one.trim())
  const isRate = (one: string) => readUsd(one) !== null && !one.startsWith('-')
  if (!isRate(input) || !isRate(output) || (cached !== undefined && !isRate(cached))) return null
  return { input, output, cachedInput: cached ?? null }
}

/** What could be otherwise. What no change is about stays as it was. */
export const CHANGES = {
  gpuPrice: listOf(ofPool(amount), 'PROVIDER/GPU=US dollars a GPU-hour, such as aws/h100=2.10'),
  gpuPercent: listOf(ofPool(percentBetween(-100, 1000)), 'PROVIDER/GPU=percent, such as aws/*=-10'),
  moveTo: listOf(
    ofPool((text) => normalName(text) || null),
    'PROVIDER/GPU=provider of the catalogue, such as aws/h100=lambda',
  ),
  utilization: listOf(
    ofPool(percentBetween(0.0001, 100)),
    'PROVIDER/GPU=percent of capacity held, such as aws/h100=80',
  ),
  commit: listOf(ofPool(commitment), 'PROVIDER/GPU=GPUs@discount in percent, such as aws/h100=4@25'),
  tokenPrice: listOf(ofModel(tokenPrice), 'MODEL=input,output[,cached] in US dollars a million, such as gpt-4o=2,8'),
  tokenPercent: listOf(ofModel(percentBetween(-100, 1000)), 'MODEL=percent, such as gpt-4o=-20'),
  swapModel: listOf(
    ofModel((text) => text || null),
    'MODEL=another model, such as gpt-4o=gpt-4o-mini',
  ),
  buyModel: listOf((text) => text.trim() || null, 'a model on own GPUs that is bought instead'),
}

export const ReplayAsked = questionWith(CHANGES)
export type ReplayAsked = z.output<typeof ReplayAsked>

/** The last change about a pool: what is said later holds. */
export function changeOf<Value>(
  changes: readonly OfPool<Value>[],
  pool: { provider: string; gpuType: string },
): Value | null {
  const isAbout = ({ provider, gpuType }: OfPools) =>
    (provider ?? pool.provider) === pool.provider && (gpuType ?? pool.gpuType) === pool.gpuType
  return changes.findLast(isAbout)?.value ?? null
}
