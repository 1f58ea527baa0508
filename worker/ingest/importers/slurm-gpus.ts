import { normalName } from '../../../db/units/gpu.ts'
import type { ReadOptions } from './importer.ts'

/** `gpuType`: '' without GPUs, `unknown` where the list names none, `a100+v100` for a job on two kinds. */
export type SlurmGpus = { gpuType: string; gpuCount: number }

const NONE: SlurmGpus = { gpuType: '', gpuCount: 0 }

/**
 * GPUs in a TRES list: the untyped count (`gres/gpu=2`), else the sum of the typed ones (`gres/gpu:a100=2`), which are the
 * same GPUs. A MIG slice (`gres/gpu:1g.10gb=1`) is one of a type of its own. Shards (`gres/shard=4`) are parts of GPUs that
 * others hold too: no whole GPU, so none. Null: a count that is no number.
 */
export function gpusOf(tres: string, typeOf: (name: string) => string = normalName): SlurmGpus | null {
  if (!tres.includes('gres/gpu')) return NONE
  let total = 0
  const typed: [string, number][] = []
  for (const item of tres.split(',')) {
    const match = /^gres\/gpu(?::([^=]+))?=(.*)$/.exec(item.trim())
    if (!match) continue
    const [, type, text = ''] = match
    if (!/^\d{1,6}$/.test(text)) return null
    if (type === undefined) total = Number(text)
    else if (Number(text) > 0) typed.push([typeOf(type), Number(text)])
  }
  return together(total, typed)
}

/**
 * GPUs in a list of the columns AllocGRES and ReqGRES, which Slurm had before 20.11: `gpu:2`, `gpu:a100:2(S:0-1)`,
 * `gres:gpu:2`; 7696487 is how it wrote "gpu" where the plugin was not loaded. Null: a count that is no number.
 */
export function gpusOfGres(gres: string, typeOf: (name: string) => string = normalName): SlurmGpus | null {
  let total = 0
  const typed: [string, number][] = []
  for (const item of gres.replace(/\([^)]*\)/g, '').split(',')) {
    const match = /^(?:gres[:/])?(?:gpu|7696487)(?::([^:=]+?))??(?:[:=](\d{1,6}|[^:]*))?$/.exec(item.trim())
    if (!match) continue
    const [, named, text = '1'] = match
    const isCount = /^\d{1,6}$/.test(text)
    if (!isCount && (named !== undefined || !/^[a-z]/i.test(text))) return null
    const [type, count] = isCount ? [named, Number(text)] : [text, 1] // "gpu:a100" is one
    if (type === undefined) total += count
    else if (count > 0) typed.push([typeOf(type), count])
  }
  return together(total, typed)
}

function together(total: number, typed: readonly [string, number][]): SlurmGpus {
  const gpuCount = total > 0 ? total : typed.reduce((sum, [, count]) => sum + count, 0)
  if (gpuCount === 0) return NONE
  // A job on two kinds of GPU belongs to no one pool: "a100+v100" is reported as uncosted time, not charged to either.
  const gpuType = [...new Set(typed.map(([type]) => type))].sort().join('+')
  return { gpuType: gpuType === '' ? 'unknown' : normalName(gpuType.slice(0, 100)), gpuCount }
}

/**
 * A site's own name of a GPU type stays as it is. One that Slurm made of the product's name (`nvidia_a100-sxm4-80gb`,
 * `tesla_v100-sxm2-32gb`: AutoDetect=nvml) becomes the name that bills have, a MIG slice of it its profile.
 */
export function gpuTypes(recogniseGpu: ReadOptions['recogniseGpu']): (name: string) => string {
  const known = new Map<string, string>()
  return (name) => {
    const seen = known.get(name)
    if (seen !== undefined) return seen
    const type = typeNamed(normalName(name), recogniseGpu)
    if (known.size < 1_000) known.set(name, type)
    return type
  }
}

function typeNamed(name: string, recogniseGpu: ReadOptions['recogniseGpu']): string {
  if (!/^(nvidia|tesla|amd)[_\s-]/.test(name)) return name
  const slice = /\d{1,2}g\.\d{1,3}gb/.exec(name)?.[0]
  if (slice !== undefined) return slice
  const thing = { provider: '', service: '', serviceCategory: '', sku: '', skuMeter: '', skuPriceDetails: '' }
  const item = `gpu ${name.replaceAll('_', ' ')}`
  return recogniseGpu({ ...thing, item, instanceType: '', resourceType: '' })?.gpuType || name
}
