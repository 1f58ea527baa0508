import { catalogued, SHEETS } from '../../catalogue/catalogue.ts'
import { doorTo } from '../doors.ts'
import { type BilledHours, byPool, type Estate, nameOfPool, type PoolName, sumOf } from '../estate.ts'
import { listWithMemory, memoryOf } from '../list-with-memory.ts'
import { percent } from '../monthly.ts'
import { wholePart } from '../parts.ts'
import { dollars, type OwnRate, rateOf } from '../rates.ts'
import { type AdviceKind, type Found, MOST_EVIDENCE } from './kind.ts'
import { COMPANY_ONLY } from './missing.ts'

/** Less is not worth moving for. */
const LEAST_SHARE_PERCENT = 10n

/** The same GPU where it costs less: in a region that is used already, or at another provider of the catalogue. */
export const cheaperPlace: AdviceKind = {
  kind: 'cheaper-place',
  name: 'Cheaper elsewhere',
  how: 'Billed GPU-hours × (your own rate − the lowest other one for the same GPU): your own rate in another region of the provider, or the on-demand list price of another provider in the dated catalogue, which has one region each; with at least the memory of the largest that your provider has under that name.',
  find: (estate) => {
    const { billed } = estate
    if (billed === null) return COMPANY_ONLY
    const found = byPool(billed).flatMap(([pool, rows]): Found[] => {
      const regions = [...Map.groupBy(rows, ({ region }) => region)].flatMap(([region, of]) => {
        const rate = rateOf(of)
        return rate === null ? [] : [{ region, rate, rows: of }]
      })
      return regions.flatMap((here) => {
        const inRegions = regions
          .filter(({ region, rate }) => region !== here.region && region !== '' && rate.nanoUsdPerGpuHour > 0n)
          .map(({ region, rate }) => ({ place: region, price: rate.nanoUsdPerGpuHour, source: 'your own rate there' }))
        const best = [...inRegions, ...atProviders(pool)].sort((a, b) => (a.price < b.price ? -1 : 1))[0]
        if (!best || best.price >= here.rate.nanoUsdPerGpuHour) return []
        return [adviceOn(estate, pool, here, best)]
      })
    })
    const unknown = byPool(billed)
      .filter(([pool]) => atProviders(pool).length === 0)
      .map(([pool]) => ({ thing: nameOfPool(pool), missing: 'No other provider of the catalogue lists its price' }))
    const silent = byPool((estate.pools ?? []).filter(({ gpuType }) => gpuType !== ''))
      .filter(([pool]) => !billed.some((row) => row.provider === pool.provider && row.gpuType === pool.gpuType))
      .map(([pool]) => ({ thing: nameOfPool(pool), missing: 'The bill does not say how many GPU-hours it bought' }))
    return { found, notLooked: [...unknown, ...silent] }
  },
}

type Place = { place: string; price: bigint; source: string }
type Here = { region: string; rate: OwnRate; rows: BilledHours[] }

function atProviders({ provider, gpuType }: PoolName): Place[] {
  const own = catalogued(provider)
  const memory = memoryOf(provider, gpuType)
  if (memory === null) return []
  return SHEETS.filter((sheet) => sheet.provider !== own).flatMap((sheet) => {
    const list = listWithMemory(sheet.provider, gpuType, memory)
    if (!list) return []
    const source = `${list.source}, as of ${list.asOf}, ${sheet.region}`
    return [{ place: sheet.provider, price: list.nanoUsdPerGpuHour, source }]
  })
}

function adviceOn({ window, pools }: Estate, pool: PoolName, { region, rate, rows }: Here, best: Place): Found {
  const name = `${nameOfPool(pool)}${region ? ` in ${region}` : ''}`
  const days = [...Map.groupBy(rows, ({ day }) => day)]
  const parts = new Map(
    (pools ?? [])
      .filter(({ provider, gpuType }) => provider === pool.provider && gpuType === pool.gpuType)
      .map((day) => [day.day, wholePart(day)]),
  )
  const saved = (of: readonly BilledHours[]) => {
    const difference = sumOf(of, (row) => row.costNanoUsd) - (sumOf(of, (row) => row.gpuSeconds) * best.price) / 3_600n
    return difference > 0n ? difference : 0n
  }
  const filters = { provider: pool.provider, gpu_type: pool.gpuType, ...(region ? { region } : {}) }
  const isOwn = best.source === 'your own rate there'
  const committed = rows.some(({ pricing }) => pricing === 'committed')
  return {
    ...{
      thing: JSON.stringify([pool.provider, pool.gpuType, region]),
      teamId: null,
      effort: isOwn ? 'medium' : 'high',
    },
    title: `${name} costs less at ${best.place}`,
    action: `Move what is not bound to its place to ${best.place}`,
    formula: `Billed GPU-hours × (${dollars(rate.nanoUsdPerGpuHour)} − ${dollars(best.price)}); ${best.source}`,
    confidence: isOwn ? 'medium' : 'low',
    because: `${percent(rate.nanoUsdPerGpuHour - best.price, rate.nanoUsdPerGpuHour)} less a GPU-hour. Moving data, and whether there are GPUs to be had, is not in it${committed ? '; a part is committed and must be paid to its end' : ''}`,
    href: doorTo('/costs', window, filters),
    evidence: days.slice(-MOST_EVIDENCE).map(([day, of]) => ({
      ...{ what: day, note: `billed${region ? ` in ${region}` : ''}`, href: doorTo('/costs', window, filters) },
      ...{ costNanoUsd: sumOf(of, (row) => row.costNanoUsd), gpuSeconds: Number(sumOf(of, (row) => row.gpuSeconds)) },
    })),
    claims: days.flatMap(([day, of]) => {
      const part = parts.get(day)
      const touched = sumOf(of, (row) => row.costNanoUsd)
      return part && touched > 0n ? [{ path: [part], touchedNanoUsd: touched, savedNanoUsd: saved(of) }] : []
    }),
    isWorth: (rate.nanoUsdPerGpuHour - best.price) * 100n >= rate.nanoUsdPerGpuHour * LEAST_SHARE_PERCENT,
  }
}
