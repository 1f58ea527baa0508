/** Largest batch that has a label of its own. */
const LARGEST_BATCH = 4096

/** How many inputs, rounded up to a power of two: 1, 2, 4 … 4096. */
export function batchLabel(size: number): string {
  let label = 1
  while (label < size && label < LARGEST_BATCH) label *= 2
  return String(label)
}

/** How many inputs a call's body has: an embedding may be asked for several texts at once. Tokens are one input. */
export function batchSizeOf(input: unknown): number {
  if (!Array.isArray(input) || input.length === 0) return 1
  return input.every((one) => typeof one === 'string' || Array.isArray(one)) ? input.length : 1
}
