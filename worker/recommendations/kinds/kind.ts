import type { TeamId } from '../../../db/units/ids.ts'
import type { Estate } from '../estate.ts'
import type { Claim } from '../overlap.ts'

/** How sure it is that the saving can be had. */
export const CONFIDENCES = ['high', 'medium', 'low'] as const
export const EFFORTS = ['low', 'medium', 'high'] as const

/** A row of the data that advice rests on, and the way to it. */
export type Evidence = {
  what: string
  note: string
  costNanoUsd: bigint | null
  gpuSeconds: number | null
  href: string
}

/** One thing that could cost less. */
export type Found = {
  /** What it is about: the same whenever it is found again, in words of the sources and never a row's number. */
  thing: string
  /** Null: the company's. */
  teamId: TeamId | null
  title: string
  /** What to do. */
  action: string
  /** How the saving was worked out, with its figures. */
  formula: string
  confidence: (typeof CONFIDENCES)[number]
  /** Why so sure, or what is not known. */
  because: string
  effort: (typeof EFFORTS)[number]
  evidence: Evidence[]
  href: string
  /** What it saves in the window is the sum over these. */
  claims: Claim[]
  /** False: too little or too unsteady to be told; it is there for a saving that is checked later. */
  isWorth: boolean
}

/** What was not looked at, and what is missing for it. */
export type NotLooked = { thing: string; missing: string }

/**
 * A kind of advice: one file, one line in ./index.ts. It says nothing without rows of the data that bear it out, and says
 * in `notLooked` what it would need.
 */
export type AdviceKind = {
  kind: string
  name: string
  /** How it finds out, in a sentence. */
  how: string
  find: (estate: Estate) => { found: Found[]; notLooked: NotLooked[] }
}

/** Rows that stand beside advice; the others are behind its door. */
export const MOST_EVIDENCE = 20
