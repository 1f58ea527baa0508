import { normalName } from '../../../db/units/gpu.ts'
import { milliOfMig, sliceNamed } from './gpu-parts.ts'
import type { ReadOptions } from './importer.ts'

/** `gpuType`: '' without GPUs, `unknown` where the list names none, `a100+v100` for a job on two kinds. */
export type SlurmGpus = { gpuType: string; gpuMilli: number }

/** What a name of a type in a list means: a kind of GPU, and which part of one each counts as. */
export type SlurmType = { gpuType: string; milli: number }

const NONE: SlurmGpus = { gpuType: '', gpuMilli: 0 }
const asNamed = (name: string): SlurmType => partNamed(normalName(name), (gpu) => gpu)

/**
 * GPUs in a TRES list: the untyped count (`gres/gpu=2`), else the sum of the typed ones (`gres/gpu:a100=2`), which are the
 * same GPUs. A MIG slice that names its GPU (`gres/gpu:a100_1g.10gb=1`) is a part of one; a bare profile
 * (`gres/gpu:1g.10gb=1`) is one of a type of its own, since nothing says of which GPU. Shards (`gres/shard=4`) are parts of GPUs that
 * others hold too: no whole GPU, so none. Null: a count that is no number.
 */
export function gpusOf(tres: string, typeOf: (name: string) => SlurmType = asNamed): SlurmGpus | null {
  if (!tres.includes('gres/gpu')) return NONE
  let total = 0
  const typed: [SlurmType, number][] = []
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
export function gpusOfGres(gres: string, typeOf: (name: string) => SlurmType = asNamed): SlurmGpus | null {
  let total = 0
  const typed: [SlurmType, number][] = []
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

function together(total: number, typed: readonly [SlurmType, number][]): SlurmGpus {
  const named = typed.reduce((sum, [, count]) => sum + count, 0)
  const milli = typed.reduce((sum, [type, count]) => sum + count * type.milli, 0)
  // The untyped count is of the same GPUs: what it has more is of no named type, and whole.
  const gpuMilli =
    total === 0 || total === named ? milli : total > named ? milli + (total - named) * 1000 : total * 1000
  if (gpuMilli === 0) return NONE
  // A job on two kinds of GPU belongs to no one pool: "a100+v100" is reported as uncosted time, not charged to either.
  const gpuType = [...new Set(typed.map(([type]) => type.gpuType))].sort().join('+')
  return { gpuType: gpuType === '' ? 'unknown' : normalName(gpuType.slice(0, 100)), gpuMilli }
}

/**
 * A site's own name of a GPU type stays as it is. One that Slurm made of the product's name (`nvidia_a100-sxm4-80gb`,
 * `tesla_v100-sxm2-32gb`: AutoDetect=nvml) becomes the name that bills have. A MIG slice of either is a part of that GPU.
 */
export function gpuTypes(recogniseGpu: ReadOptions['recogniseGpu']): (name: string) => SlurmType {
  const known = new Map<string, SlurmType>()
  return (name) => {
    const seen = known.get(name)
    if (seen !== undefined) return seen
    const type = partNamed(normalName(name), (gpu) => typeNamed(gpu, recogniseGpu))
    if (known.size < 1_000) known.set(name, type)
    return type
  }
}

function partNamed(name: string, typeOf: (gpu: string) => string): SlurmType {
  const slice = sliceNamed(name)
  const gpuType = typeOf(slice ? slice.gpu : name)
  const milli = slice && milliOfMig(slice.profile, gpuType)
  return milli === null ? { gpuType: typeOf(name), milli: 1000 } : { gpuType, milli }
}

function typeNamed(name: string, recogniseGpu: ReadOptions['recogniseGpu']): string {
  if (!/^(nvidia|tesla|amd)[_\s-]/.test(name)) return name
  const thing = { provider: '', service: '', serviceCategory: '', sku: '', skuMeter: '', skuPriceDetails: '' }
  const item = `gpu ${name.replaceAll('_', ' ')}`
  return recogniseGpu({ ...thing, item, instanceType: '', resourceType: '' })?.gpuType || name
}
