/** What nobody held, by basis: said in the same words wherever idle and unallocated cost stand. */
const LEFT_OVER = {
  allocation:
    'By allocation the jobs of a day carry the hours that nobody held beside them; only days without any job, and charges for no GPU, are unallocated.',
  usage: 'By usage every hour that no job held is idle, days without any job included.',
  exposure: null,
} as const

/** One sentence on what becomes of cost that no job held; null where nothing adds up. */
export function leftOverWords(basis: keyof typeof LEFT_OVER): string | null {
  return LEFT_OVER[basis]
}

/** What "Nobody held" adds up, on every basis. */
export const NOBODY_HELD = 'Paid for, and held by no job: idle hours and unallocated days together.'
