/**
 * What one provider rents out with accelerators.
 *
 * Bringing a sheet up to date: read the provider's own list (or a republished copy that is dated), change the lines and
 * their `asOf` together, and run `vitest run worker/catalogue`. A size that the new list no longer has stays, since old bills
 * name it; its price becomes `-` if the list that is named does not have it. Prices are facts for estimates and for
 * comparing; nothing is ever recognised by its price.
 */
export type Sheet = {
  provider: string
  /** Whether a bill's name for the provider, lower-cased, means this one. */
  isNamed(provider: string): boolean
  /** Where the prices hold. */
  region: string
  /** Who says so. */
  source: string
  /** The day of the source; where it has none, the day it was read. */
  asOf: string
  /** Who says how many vCPUs and how much memory the sizes have, and the day of the check; null: nobody, and no line has them. */
  specs: { source: string; asOf: string } | null
  /**
   * `# type memory` (GB of one GPU) opens a kind; then one line a size: name, GPUs (a fraction where one is shared),
   * US dollars an hour on demand for the whole size, `-` where that is not known, then vCPUs and memory in GiB; a size
   * whose vCPUs and memory nobody is sure of ends before them. Accelerators that are no GPUs are counted in chips.
   */
  sizes: string
}

/** A size that can be rented. */
export type Size = {
  provider: string
  name: string
  gpuType: string
  /** Below 1 where a GPU is shared. */
  gpuCount: number
  /** GB of one whole GPU. */
  gpuMemoryGb: number
  /** Null: not known. */
  vcpuCount: number | null
  /** Of the machine, not of its GPUs; null: not known. */
  memoryGib: number | null
  /** Decimal text; null: not known, which is not free. */
  usdPerHour: string | null
}

/** The sizes of a sheet, in its order. */
export function sizesOf({ provider, sizes }: Sheet): Size[] {
  let [gpuType, gpuMemoryGb] = ['', 0]
  return sizes
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [first = '', second = '', third = '', vcpus = '', memory = ''] = line.split(' ')
      if (first !== '#') {
        const usdPerHour = third === '-' ? null : third
        const [vcpuCount, memoryGib] = [vcpus, memory].map((text) => (text === '' ? null : Number(text))) as Pair
        return [
          { provider, name: first, gpuType, gpuCount: fraction(second), gpuMemoryGb, vcpuCount, memoryGib, usdPerHour },
        ]
      }
      gpuType = second
      gpuMemoryGb = Number(third)
      return []
    })
}

type Pair = [number | null, number | null]

function fraction(text: string): number {
  const [over = '', under = '1'] = text.split('/')
  return Number(over) / Number(under)
}
