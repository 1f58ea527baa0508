/**
 * Names that nearly every bill has, set apart by hand: slots 0–11 are --series-1 … --series-12. A name that is not here
 * gets its colour from its own letters.
 */
const FIXED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  provider: {
    ...{ aws: 1, gcp: 0, azure: 6, coreweave: 4, lambda: 2, oracle: 8, nebius: 5, crusoe: 11, runpod: 10 },
    ...{ openai: 9, anthropic: 7, own: 3, on_prem: 3, 'on-prem': 3 },
  },
  gpu_type: {
    ...{ h100: 0, a100: 1, h200: 4, b200: 2, l40s: 3, l4: 5, t4: 6, v100: 7, mi300x: 8, gb200: 9, a10g: 10, a10: 11 },
  },
  // Good, bad, given up, under way, waiting.
  status: { completed: 2, failed: 8, cancelled: 7, running: 6, pending: 9 },
}

/** The slot of a well-known name of a dimension, however it is written; undefined for any other. */
export function fixedColour(dimension: string, name: string): number | undefined {
  const names = FIXED[dimension]
  const key = name.toLowerCase()
  return names && Object.hasOwn(names, key) ? names[key] : undefined
}
