import { idText } from '../../db/units/ids.ts'
import { nanoUsd } from '../../db/units/money.ts'
import { isBillName, isOwnerName, isPoolName, type Name } from './dimensions.ts'
import { type Cell, KINDS, type Kind, NO_JOBS, type Row } from './ledger.ts'
import { statusOfCode } from './measures.ts'
import type { Groups } from './pool-day-parts.ts'

/** What groups of charges cost owners: by `place charge` and then by owner, each a number of its groups. */
export type CrossedSums = {
  /** JSON of the bill's names. */
  charges: Groups
  /** `team:model:status`, or a kind of what is left over. */
  owners: Groups
  /** JSON of the period and the pool's names. */
  places: Groups
  costs: Map<string, bigint[]>
}

/** Cells of sums, those that are zero left out. `texts`: the names of teams and models. */
export function crossedCells(sums: CrossedSums, names: readonly Name[], texts: [teams: Row[], models: Row[]]): Cell[] {
  const [teams, models] = texts.map((rows) => new Map(rows.map(({ id, name }) => [String(id), String(name)])))
  const textOf = { team: teams, model: models }
  const owners = sums.owners.keys.map((key): { kind: Kind; teamId: Cell['teamId']; texts: string[] } => {
    const shown = names.filter(isOwnerName)
    const kind = KINDS.find((one) => one === key)
    if (kind) return { kind, teamId: null, texts: shown.map(() => `__${kind}__`) }
    const [team = '0', model = '0', status = '0'] = key.split(':')
    const ownTexts = shown.map((name) => {
      if (name === 'status') return statusOfCode(Number(status)) ?? '__assigned__'
      if (name === 'model' && model === '0') return '__assigned__'
      return textOf[name]?.get(name === 'team' ? team : model) ?? ''
    })
    return {
      kind: ownTexts.includes('__assigned__') ? 'assigned' : 'owner',
      teamId: names.includes('team') ? idText('team', BigInt(team)) : null,
      texts: ownTexts,
    }
  })
  return [...sums.costs].flatMap(([key, costs]) => {
    const [place = 0, charge = 0] = key.split(' ').map(Number)
    const [period, ofPool] = JSON.parse(sums.places.keys[place] ?? '') as [string | null, string[]]
    const ofBill = JSON.parse(sums.charges.keys[charge] ?? '[]') as string[]
    return costs.flatMap((cost, number) => {
      const owner = owners[number]
      if (cost === 0n || !owner) return []
      const { kind, teamId } = owner
      const [pool, bill, own] = [[...ofPool], [...ofBill], [...owner.texts]]
      const shown = names.map((name) => (isPoolName(name) ? pool : isBillName(name) ? bill : own).shift() ?? '')
      return [{ period, names: shown, kind, teamId, costNanoUsd: nanoUsd(cost), ...NO_JOBS }]
    })
  })
}
