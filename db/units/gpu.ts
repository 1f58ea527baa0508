/** GPU time as integer GPU-seconds: wall-clock seconds × GPUs held. Hours are for people and for the wire. */

/** Names are compared lower-cased and trimmed, everywhere: `AWS` is `aws`, ` H100 ` is `h100`. */
export function normalName(text: string): string {
  return text.trim().toLowerCase()
}

/** GPU-hours as decimal text, exact for whole seconds up to 6 digits, rounded half up beyond: 5400 → "1.5". */
export function gpuHoursText(gpuSeconds: number | bigint): `${number}` {
  const millionths = (BigInt(gpuSeconds) * 2_000_000n + 3600n) / 7200n
  const whole = millionths / 1_000_000n
  const fraction = (millionths % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '')
  return (fraction ? `${whole}.${fraction}` : `${whole}`) as `${number}`
}

/**
 * GPU-seconds from a decimal count of GPU-hours ("24", "24.5"), rounded half up to a whole second.
 * Null for anything that is not a plain non-negative decimal below 1e9 hours.
 */
export function readGpuHours(text: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{1,30}))?$/.exec(text.trim())
  if (!match) return null
  const [, whole = '', fraction = ''] = match
  const scale = 10n ** BigInt(fraction.length)
  return Number((BigInt(whole + fraction) * 3600n * 2n + scale) / (2n * scale))
}
