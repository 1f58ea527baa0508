import type { ReadOptions } from './importer.ts'
import { recogniseGpu } from './recognise-gpu.ts'

/** What an importer is told when nobody says anything. */
export const NOTHING_SAID: ReadOptions = {
  ...{ provider: '', currency: '', timeZone: '' },
  recogniseGpu,
  usdPerUnit: () => null,
}
