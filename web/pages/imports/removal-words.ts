import { addExact, exactOfText, exactText, ZERO_EXACT } from '../../../db/units/money.ts'
import type { Answers } from '../../api.ts'
import { formatCountOf } from '../../format/count.ts'
import { formatUsd } from '../../format/usd.ts'
import { hasDollars } from './formats.ts'
import type { ImportView } from './history-table.tsx'

type Bills = Answers['imports']['bills']
type Brought = { lineCount: number; billedUsd: `${number}` }

/** What taking an import away does: what goes, what counts again, what stays. A list is empty where there is nothing. */
export function removalWords(one: ImportView, bills: Bills): { goes: string[]; back: string[]; stays: string[] } {
  const changed = one.updated - one.unchanged
  if (one.isDryRun) return { goes: [], back: [], stays: ['It was a dry run, which stored nothing.'] }
  if (bills.length === 0) {
    const goes = one.inserted > 0 ? [`${formatCountOf(one.inserted, 'row')} that it brought${dollarsOf(one)}`] : []
    const stays = [
      ...(one.inserted > 0 ? ['Rows that somebody or another file has changed since.'] : []),
      ...(changed > 0
        ? [`${formatCountOf(changed, 'row')} of other imports that it changed: what stood there before is not known.`]
        : []),
    ]
    return { goes, back: [], stays }
  }
  const current = bills.filter(({ status }) => status === 'current')
  const replaced = current.flatMap((bill) => bill.replaced)
  const kept = replaced.filter(({ isKept }) => isKept)
  const over = bills.length - current.length
  return {
    goes: current.length > 0 ? [`${sumWords(current)}, ${billWords(current)}`] : [],
    back: [
      ...(kept.length > 0 ? [`${sumWords(kept)} of what it had replaced`] : []),
      ...(current.length > 0 && kept.length === 0 ? [nothingBack(replaced.length)] : []),
      ...(kept.length > 0 && kept.length < replaced.length
        ? [`${formatCountOf(replaced.length - kept.length, 'bill')} that it had replaced: not kept any more`]
        : []),
    ],
    stays:
      over > 0
        ? [`${formatCountOf(over, 'bill')} of it that a newer export has replaced: no figure hangs on them.`]
        : [],
  }
}

function nothingBack(replaced: number): string {
  return replaced === 0
    ? 'nothing: it had replaced no bill'
    : 'nothing: what it had replaced is kept for a week, and gone by now'
}

function billWords(bills: Bills): string {
  const [only] = bills
  if (bills.length !== 1 || !only) return formatCountOf(bills.length, 'bill')
  return `the bill of ${only.billingAccount || 'no account'} for ${only.billingPeriod.slice(0, 7) || 'no period'}`
}

function dollarsOf({ kind, inserted, updated, totals }: ImportView): string {
  return hasDollars(kind) && inserted > 0 && updated === 0 ? `, ${formatUsd(totals.storedCostUsd)}` : ''
}

function sumWords(brought: readonly Brought[]): string {
  const rows = brought.reduce((sum, { lineCount }) => sum + lineCount, 0)
  return `${formatCountOf(rows, 'row')}, ${formatUsd(sumOf(brought))}`
}

/** What bills add up to, exactly. */
export function sumOf(brought: readonly Pick<Brought, 'billedUsd'>[]): `${number}` {
  return exactText(brought.reduce((sum, { billedUsd }) => addExact(sum, exactOfText(billedUsd)), ZERO_EXACT))
}
