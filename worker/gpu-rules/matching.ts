import { type SQL, sql } from 'drizzle-orm'
import type { BilledThing } from '../ingest/importers/importer.ts'

/** What a rule asks of a line; '' asks nothing. At least one is set. */
export type Conditions = {
  provider: string
  service: string
  sku: string
  instanceType: string
  itemContains: string
}

/** What a rule sees of a line; the rest of a line is not stored. */
export type RuledThing = Pick<BilledThing, 'provider' | 'service' | 'sku' | 'item' | 'instanceType'>

/** An item's name is stored up to here, and a rule looks no further. */
const STORED_ITEM = 300

/** Whether the line is what the rule is about: all that is set holds. The same as `matchingSql` finds. */
export function matches(rule: Conditions, thing: RuledThing): boolean {
  return (
    (rule.provider === '' || rule.provider === thing.provider) &&
    (rule.service === '' || rule.service === thing.service) &&
    (rule.sku === '' || rule.sku === thing.sku) &&
    (rule.instanceType === '' || rule.instanceType === thing.instanceType) &&
    (rule.itemContains === '' || lower(thing.item.slice(0, STORED_ITEM)).includes(lower(rule.itemContains)))
  )
}

/** The condition on a pool `p` and a dimension `d`. */
export function matchingSql(rule: Conditions): SQL {
  const parts = [
    rule.provider === '' ? null : sql`p.provider = ${rule.provider}`,
    rule.service === '' ? null : sql`d.service = ${rule.service}`,
    rule.sku === '' ? null : sql`d.sku = ${rule.sku}`,
    rule.instanceType === '' ? null : sql`d.instance_type = ${rule.instanceType}`,
    rule.itemContains === '' ? null : sql`instr(lower(d.item), ${lower(rule.itemContains)}) > 0`,
  ].filter((part) => part !== null)
  return sql`(${sql.join(parts, sql` and `)})`
}

/** ASCII alone, as the database has it, so that a rule means the same for stored lines and for those to come. */
function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
