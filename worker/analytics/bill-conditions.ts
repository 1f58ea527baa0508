import { type SQL, sql } from 'drizzle-orm'
import { oneOf } from './conditions.ts'
import { type BillName, tagKeyOf } from './dimensions.ts'
import type { Question } from './window.ts'

/** The filters of a question on what only the bill knows, by their names; an empty list of tags, which lets nothing through, is one too. */
export function billFilters({ filters }: Pick<Question, 'filters'>): BillName[] {
  const asked = Object.entries(COLUMN_OF).filter(([filter]) => filters[filter as Filter] !== null)
  const keys = filters.tag === null ? [] : filters.tag.length === 0 ? [''] : filters.tag.map(({ key }) => key)
  return [...asked.map(([, name]) => name), ...keys.map((key): BillName => `tag:${key}`)]
}

/** Whether it is narrowed to a part of the bill. */
export function isByBill(question: Pick<Question, 'filters'>): boolean {
  return billFilters(question).length > 0
}

/** The filters on dimensions `d` of charges. */
export function ofCharges({ filters }: Pick<Question, 'filters'>): SQL {
  const columns = Object.entries(COLUMN_OF).map(([filter, name]) => oneOf(`d.${name}`, filters[filter as Filter]))
  const keys = [...new Set((filters.tag ?? []).map(({ key }) => key))]
  const tags = keys.map((key) => {
    const values = filters.tag?.filter((tag) => tag.key === key).map(({ value }) => value) ?? []
    return sql`${tagValue(key)} in (select value from json_each(${JSON.stringify(values)}))`
  })
  const noTag = filters.tag?.length === 0 ? [sql`0`] : []
  return sql.join([...columns, ...tags, ...noTag], sql` and `)
}

/** A name of dimensions `d`, as a column; '' where the charge has no such tag. */
export function chargeName(name: BillName): SQL {
  const key = tagKeyOf(name)
  return key === null ? sql.raw(`d.${name}`) : tagValue(key)
}

/** As text, whatever the key has in it: it is compared, never part of a path. */
function tagValue(key: string): SQL {
  return sql`coalesce((select cast(t.value as text) from json_each(iif(d.tags = '', '{}', d.tags)) t where t.key = ${key}), '')`
}

type Filter = keyof typeof COLUMN_OF
const COLUMN_OF = {
  account: 'account',
  region: 'region',
  service: 'service',
  sku: 'sku',
  chargeCategory: 'charge_category',
} as const
