/** Groups by number, in the order in which they are met. */
export type Groups = { numberOf: (key: string) => number; keys: string[] }

/** The group of what the filters leave out: it takes part in the splitting, and is in no cell. */
export const LEFT_OUT = -1

export function newGroups(): Groups {
  const numbers = new Map<string, number>()
  const keys: string[] = []
  const numberOf = (key: string) => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, keys.length)
    return keys.push(key) - 1
  }
  return { numberOf, keys }
}

/** Where a part stands in the order of its side, and its group. */
export type Place = { order: number; group: number }

/** The groups of a side of a pool-day in their order, and which parts of its text each adds up. */
export type Plan = { groups: readonly number[]; members: readonly (readonly number[])[]; isAsked: boolean }

/** Makes plans of lists of keys, each list once: most pool-days have the same parts. Neighbours of one group are one. */
export function plansOf(placeOf: (key: string) => Place): (keys: string) => Plan {
  const known = new Map<string, Plan>()
  return (keys) => {
    const plan = known.get(keys) ?? planOf(keys === '' ? [] : keys.split(',').map(placeOf))
    known.set(keys, plan)
    return plan
  }
}

function planOf(places: readonly Place[]): Plan {
  const groups: number[] = []
  const members: number[][] = []
  const order = places.map((_, index) => index).sort((a, b) => (places[a]?.order ?? 0) - (places[b]?.order ?? 0))
  for (const index of order) {
    const group = places[index]?.group ?? LEFT_OUT
    if (groups.at(-1) === group) members.at(-1)?.push(index)
    else {
      groups.push(group)
      members.push([index])
    }
  }
  return { groups, members, isAsked: groups.some((group) => group !== LEFT_OUT) }
}

/** Amounts, as a list with commas between, added up as planned. */
export function planned({ members }: Plan, amounts: string): bigint[] {
  const parts = amounts === '' ? [] : amounts.split(',')
  return members.map((indexes) => {
    let sum = 0n
    for (const index of indexes) sum += BigInt(parts[index] ?? 0)
    return sum
  })
}
