import type { Fold } from './backtest.ts'
import { scaleOf } from './backtest.ts'
import type { Method } from './candidates.ts'

export type Band = { low80: number; high80: number; low95: number; high95: number }

/** Steps before and after whose errors are taken for the same: a single step has few. */
const NEIGHBOURS = 2

/**
 * Split conformal limits of each step: what is so many ranks from the ends of the errors that the method made so far ahead
 * in the backtest, each in the unit of its fold (Vovk et al. 2005; Stankevičiūtė et al. 2021 for several steps; rank
 * ⌈(n + 1)(1 − α/2)⌉). Steps that no fold reached are wider by the root of how much farther they are.
 */
export function bandsOf(
  points: readonly number[],
  folds: readonly Fold[],
  method: Method,
  scale: number,
): Band[] {
  const errors = stepErrors(folds, method)
  const reached = errors.findLastIndex((known) => known.length > 0)
  return points.map((point, step) => {
    const at = Math.min(step, reached)
    const wider = Math.sqrt((step + 1) / (at + 1)) * scale
    const near = errors.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1).flat()
    const [low80, high80] = limits(near, 0.2)
    const [low95, high95] = limits(near, 0.05)
    return {
      low80: point + low80 * wider,
      high80: point + high80 * wider,
      low95: point + low95 * wider,
      high95: point + high95 * wider,
    }
  })
}

/** Errors (what came less what was said) of each step, in units of each fold. */
export function stepErrors(folds: readonly Fold[], method: Method): number[][] {
  const horizon = Math.max(0, ...folds.map(({ actual }) => actual.length))
  const errors: number[][] = Array.from({ length: horizon }, () => [])
  for (const { forecasts, actual, scale } of folds) {
    const said = forecasts[method]
    if (said) for (let step = 0; step < actual.length; step += 1)
      errors[step]?.push(((actual[step] as number) - (said[step] as number)) / scale)
  }
  return errors
}

/** The limits between which a new error lies with probability 1 − α, if it is like the known ones. */
export function limits(errors: readonly number[], alpha: number): [low: number, high: number] {
  const sorted = [...errors].sort((a, b) => a - b)
  return [-tail(sorted.map((error) => -error).reverse(), alpha / 2), tail(sorted, alpha / 2)]
}

/** The value that a new one exceeds with probability `beyond`; beyond the highest known one, it is carried on. */
function tail(sorted: readonly number[], beyond: number): number {
  const count = sorted.length
  if (count === 0) return 0
  const rank = (count + 1) * (1 - beyond)
  const highest = sorted[count - 1] as number
  if (rank > count) {
    const middle = sorted[count >> 1] as number
    // Fewer errors than the tail needs: as far again as a normal tail goes on beyond the rank that there is.
    return highest + Math.max(0, highest - middle) * Math.min(1, (rank - count) * 1)
  }
  const under = Math.floor(rank)
  const low = sorted[under - 1] ?? highest
  return low + (rank - under) * ((sorted[under] ?? highest) - low)
}

export { scaleOf }
