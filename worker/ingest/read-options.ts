import { ruledRecognition } from '../gpu-rules/rule-book.ts'
import { datedRates } from '../rates/dated-rates.ts'
import type { Scope } from '../scope.ts'
import type { ReadOptions } from './importers/importer.ts'

/** What the sender says about how to read a file. */
export type Said = Pick<ReadOptions, 'provider' | 'currency' | 'timeZone'>

/** What an importer is told: what the sender says, and what Heliox knows about GPUs and currencies. */
export async function readOptions(scope: Pick<Scope, 'db'>, said: Said): Promise<ReadOptions> {
  const { provider, currency, timeZone } = said
  const recogniseGpu = await ruledRecognition(scope.db)
  return { provider, currency, timeZone, recogniseGpu, usdPerUnit: await datedRates(scope) }
}
