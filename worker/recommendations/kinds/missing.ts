import type { NotLooked } from './kind.ts'

/** What a kind about whole pools says to who sees teams only. */
export const COMPANY_ONLY: { found: []; notLooked: NotLooked[] } = {
  found: [],
  notLooked: [{ thing: 'Pools', missing: 'Capacity is the whole company’s: ask somebody who sees it' }],
}
