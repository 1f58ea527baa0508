import type { Fold } from './backtest.ts'
import type { Method } from './candidates.ts'

export type Band = { low80: number; high80: number; low95: number; high95: number }

/** Steps before and after whose errors are taken for the same: one step has few. */
const NEIGHBOURS = 2

/**
 * Conformal limits of each step: ranks of the errors that the method made so far ahead in the backtest, each in the unit of
 * its fold (Vovk et al. 2005; for forecasts Stankevičiūtė et al. 2021). Folds that overlap tell the same news, so the
 * limits are as much wider as Student's t with one degree per fold that does not overlap is than the normal. Steps that no
 * fold reached are wider by the root of how much farther they are.
 */
export function bandsOf(points: readonly number[], folds: readonly Fold[], method: Method, scale: number): Band[] {
  const errors = stepErrors(folds, method)
  const reached = Math.max(
    0,
    errors.findLastIndex((known) => known.length > 0),
  )
  return points.map((point, step) => {
    const at = Math.min(step, reached)
    const wider = Math.sqrt((step + 1) / (at + 1)) * scale
    const near = errors.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1).flat()
    near.sort((a, b) => a - b)
    const apart = foldsApart(folds, at + 1)
    const [low80, high80] = limitsOf(near, 0.2, apart)
    const [low95, high95] = limitsOf(near, 0.05, apart)
    return {
      low80: point + low80 * wider,
      high80: point + high80 * wider,
      low95: point + Math.min(low80, low95) * wider,
      high95: point + Math.max(high80, high95) * wider,
    }
  })
}

/** How many looks of `steps` days fit side by side into the days that the folds look at; at least 1. */
export function foldsApart(folds: readonly Fold[], steps: number): number {
  const reaching = folds.filter(({ actual }) => actual.length >= steps)
  const [first, last] = [reaching[0], reaching.at(-1)]
  return first && last ? Math.max(1, (last.origin + steps - first.origin) / steps) : 1
}

/** The limits between which the next error lies with probability 1 − α: the lower and upper ranks, widened. Errors in order. */
export function limitsOf(sorted: readonly number[], alpha: number, apart: number): [low: number, high: number] {
  const wider = studentOverNormal(1 - alpha / 2, apart)
  const middle = rankValue(sorted, 0.5)
  return [alpha / 2, 1 - alpha / 2].map((part) => middle + (rankValue(sorted, part) - middle) * wider) as [
    number,
    number,
  ]
}

/** The value below which that part of new ones falls: rank (n + 1) · part, between two ranks by their distance. */
export function rankValue(sorted: readonly number[], part: number): number {
  if (sorted.length === 0) return 0
  const rank = Math.min(sorted.length, Math.max(1, (sorted.length + 1) * part))
  const [under, over] = [sorted[Math.floor(rank) - 1] as number, sorted[Math.ceil(rank) - 1] as number]
  return under + (rank - Math.floor(rank)) * (over - under)
}

/** Errors (what came less what was said) of each step, in units of their folds. */
function stepErrors(folds: readonly Fold[], method: Method): number[][] {
  const horizon = Math.max(1, ...folds.map(({ actual }) => actual.length))
  const errors: number[][] = Array.from({ length: horizon }, () => [])
  for (const { forecasts, actual, scale } of folds)
    for (const [step, value] of actual.entries()) {
      const said = forecasts[method]?.[step]
      if (said !== undefined) errors[step]?.push((value - said) / scale)
    }
  return errors
}

/** Quantiles of the normal that are asked for. */
const NORMAL: Record<string, number> = { '0.9': 1.2815515655, '0.975': 1.9599639845 }

/**
 * Student's t quantile over the normal's, by the Cornish–Fisher expansion (Abramowitz & Stegun 26.7.5); below two degrees,
 * where it fails, as for two.
 */
export function studentOverNormal(part: number, degrees: number): number {
  const z = NORMAL[String(part)] ?? 1.9599639845
  const m = Math.max(2, degrees)
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return (z + first / m + second / m ** 2 + third / m ** 3) / z
}
