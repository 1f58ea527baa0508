/**
 * GPU time in GPU-seconds: wall-clock seconds × GPUs held. Parts of a GPU are counted in thousandths (milli-GPU), so what
 * jobs hold is whole GPU-milliseconds, and a number of GPU-seconds has up to three decimals. Hours are for people and for
 * the wire.
 */

/** More GPUs in one job are a typing error. */
export const MOST_GPUS = 1_000_000

/** Names are compared lower-cased and trimmed, everywhere: `AWS` is `aws`, ` H100 ` is `h100`. */
export function normalName(text: string): string {
  return text.trim().toLowerCase()
}

/** GPU-hours as decimal text, to the thousandth of a GPU-second, rounded half up at 6 digits: 5400 → "1.5", 0.25 → "0.000069". */
export function gpuHoursText(gpuSeconds: number | bigint): `${number}` {
  const gpuMs = typeof gpuSeconds === 'bigint' ? gpuSeconds * 1000n : BigInt(Math.round(gpuSeconds * 1000))
  const millionths = (gpuMs * 2000n + 3600n) / 7200n
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

/**
 * Thousandths of a GPU from a decimal count of GPUs ("8", "0.25"); finer than that is cut off, so that the parts of a GPU
 * never add up to more than it is. Null for anything that is not a plain non-negative decimal below 1e7.
 */
export function readGpuMilli(text: string): number | null {
  const match = /^(\d{1,7})(?:\.(\d{1,30}))?$/.exec(text.trim())
  if (!match) return null
  const [, whole = '', fraction = ''] = match
  return Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

/** GPUs as people count them: 250 → 0.25. */
export function gpusOfMilli(gpuMilli: number | bigint): number {
  return Number(gpuMilli) / 1000
}

/** GPU-seconds of whole GPU-milliseconds, as answers carry them. */
export function gpuSecondsOfMs(gpuMs: number | bigint): number {
  return Number(gpuMs) / 1000
}
