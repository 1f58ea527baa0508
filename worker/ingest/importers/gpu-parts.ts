/** What of a GPU somebody holds, in thousandths; cut off there, so that the parts of a GPU never add up to more than it is. */
const WHOLE = 1000

/** 1g.10gb, 1c.3g.40gb (one of three compute slices), 1g.10gb+me; MIG's own profile names. */
const PROFILE = /^(?:(\d)c\.)?([1-7])g\.(\d{1,3})gb(?:\+(?:me|gfx)(?:\.all)?)?$/
/** GPUs with four slices and not seven, and the profiles that only such have (NVIDIA MIG User Guide, read 2026-11). */
const OF_FOUR = /^(?:a30|rtx-pro-6000)/
const PROFILES_OF_FOUR = new Set(['1g.6gb', '2g.12gb', '4g.24gb', '4g.96gb'])

/**
 * Thousandths of a GPU that a MIG profile is, by its compute slices: sevenths, on an A30 fourths. 1g.5gb is 142, 3g.20gb
 * 428, 7g.40gb the whole GPU. Null: no profile.
 */
export function milliOfMig(profile: string, gpuType = ''): number | null {
  const name = profile.trim().toLowerCase()
  const match = PROFILE.exec(name)
  if (!match) return null
  const [, compute, slices = ''] = match
  const hasFour = OF_FOUR.test(gpuType) || PROFILES_OF_FOUR.has(name.replace(/^\dc\.|\+.*$/g, ''))
  const held = Number(compute ?? slices)
  return held > 0 ? Math.min(WHOLE, Math.floor((held * WHOLE) / (hasFour ? 4 : 7))) : null
}

/** Thousandths of a GPU that each of `replicas` has who share it by turns (time-slicing, MPS). Null: no such number. */
export function milliOfReplica(replicas: string, of = WHOLE): number | null {
  return /^[1-9]\d{0,2}$/.test(replicas) ? Math.floor(of / Number(replicas)) : null
}

/** A name of a slice that says its GPU, taken apart: `a100_1g.5gb`, `nvidia_a100-sxm4-40gb_1g.5gb`; null: another name. */
export function sliceNamed(name: string): { gpu: string; profile: string } | null {
  const match = /^(.*[^_.:\s-])[_.:\s-]+((?:\dc\.)?[1-7]g\.\d{1,3}gb(?:\+[a-z.]+)?)$/.exec(name)
  return match?.[1] && match[2] ? { gpu: match[1], profile: match[2] } : null
}
