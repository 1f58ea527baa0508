import { addExact, exactText, subtractExact, ZERO_EXACT } from '../../../db/units/money.ts'
import { readAmount } from './amounts.ts'
import { splitCost } from './cur-charge.ts'
import type { CurCell, CurFile } from './cur-columns.ts'
import { plainNumber } from './cur-effective.ts'
import type { Row } from './importer.ts'

/** What is worth saying about a Cost and Usage Report that its rows do not say: what was set aside, and discounts. */
export class CurTally {
  private splitRows = 0
  private used = ZERO_EXACT
  private unused = ZERO_EXACT
  private discount = ZERO_EXACT

  /** Takes in a row and its cells. */
  note(row: Row, get: CurCell): void {
    if (row.kind === 'skipped') {
      const { used, unused } = splitCost(get)
      this.splitRows += 1
      this.used = addExact(this.used, used)
      this.unused = addExact(this.unused, unused)
    } else if (row.kind === 'cost') {
      const text = get('line_item_net_unblended_cost')
      const net = text === '' ? null : readAmount(plainNumber(text))
      const billed = net && readAmount(plainNumber(get('line_item_unblended_cost')))
      if (net && billed) this.discount = addExact(this.discount, subtractExact(billed, net))
    }
  }

  /**
   * In a few words. Where discounts are rows, their net cost is 0 and the net costs of all rows sum to the same; a
   * difference is discounts that stand in columns only (CUR 2.0 without "manual discount compatibility").
   */
  about({ isLegacy }: Pick<CurFile, 'isLegacy'>): string {
    const words = [isLegacy ? 'legacy AWS Cost and Usage Report' : 'AWS Cost and Usage Report 2.0']
    if (this.splitRows > 0)
      words.push(
        `${this.splitRows} split rows of ${exactText(this.used)} used and ${exactText(this.unused)} unused set aside: their instances are counted`,
      )
    if (this.discount.digits !== 0n)
      words.push(`${exactText(this.discount)} of discounts stand in net columns only and are not taken off`)
    return words.join('; ')
  }
}
