import { catalogued, familyGpu, sizeNamed } from '../../catalogue/catalogue.ts'
import type { Size } from '../../catalogue/sheet.ts'
import { countsGpus, gpuNamedIn } from './gpu-names.ts'
import type { BilledGpu, BilledThing } from './importer.ts'

/** How a GPU was told: by a size of the catalogue, or by the words of the line. */
export type Recognised = BilledGpu & { by: 'catalogue' | 'text' }

/** FOCUS categories in which GPU time is billed; '' where the bill has none. */
const CATEGORIES = new Set(['', 'compute', 'ai and machine learning', 'analytics', 'media', 'other'])

/** Lines about a GPU machine that are no GPU time: fees on top of it, licences, traffic, volumes. */
const BESIDE =
  /licen[sc]|marketplace|software (?:usage|fee)|databricks|(?:^|[^a-z])dbus?(?![a-z])|data ?transfer|data processed|bandwidth|egress|ingress|load balanc|snapshot|ebs[: ]|ebs-?optimized|volumeusage|gi?b[ -]mo|cpu ?credits|ip address|support (?:plan|fee|subscription)|(?:premium|enterprise|business|developer|technical) support|ai enterprise|(?:management|service|platform|hourly cluster) fee|surcharge|mapreduce|elastic kubernetes|for kubernetes|azure kubernetes/
/** Fees of AWS's cluster services on top of the instances; elsewhere these letters mean machines. */
const AWS_FEES = /(?:^|[^a-z])(?:amazon)?(?:emr|eks|ecs)(?![a-z])|elastic container service/
/** Support as a service of its own, whatever its lines name. */
const SUPPORT = /(?:^|[^a-z])support(?![a-z])/
/** Words in which BESIDE would see what is not there. */
const HARMLESS = /no licen[sc]e required|licen[sc]e[- ]included|bring your own licen[sc]e/g
/** Cores, memory and disks that are billed apart from the GPUs of the same machine. */
const PART =
  /(?:^|[^a-z])(?:v|m|o)?cpus?(?![a-z])|(?:^|[^a-z])(?:ram|memory|cores?|ssd|hdd|disks?|storage|image)(?![a-z])|instance (?:core|ram)/
/** Hours that were promised, or kept free, beside the hours that were used: they would count twice. */
const PROMISED =
  /commitment v\d|committed use|commitment fee|prepa(?:id|yment)|upfront|sign.?up charge|hourly fee per|(?:^|[^a-z])(?:reservation|dedicatedres):/
/** Their bills charge for GPUs by the piece, whatever machine these are in. */
const BY_THE_PIECE = new Set(['gcp', 'oci'])

const FAMILY = /(?:^|[^a-z0-9])([a-z]+\d+[a-z]*(?:-[a-z]+\d+)?)\.(?:\d*xlarge|large|metal)(?![a-z0-9])/

/**
 * The GPU that a bill line charges for, and how many one billed unit has; null for lines that are not GPU time, which
 * includes the cores and memory that are billed beside a GPU. Never guesses from a price, never counts more GPUs than
 * the catalogue has for that size.
 *
 * One chip is one type (`a100` with 40 or 80 GB, SXM or PCIe). Accelerators that are no GPUs are types of their own
 * (`trainium2`, `inferentia`, `gaudi`, `tpu-v5e`), so that who uses them finds their cost, and never mixed with a GPU.
 */
export function recognise(thing: BilledThing): Recognised | null {
  if (!CATEGORIES.has(thing.serviceCategory.toLowerCase())) return null
  const said = `${thing.item} ${thing.sku} ${thing.skuMeter} ${thing.resourceType}`.toLowerCase()
  const found = gpuIn(thing, said)
  if (!found) return null // most lines of a bill: the rest is asked of the few
  const service = thing.service.toLowerCase()
  const line = `${service} ${said}`.replace(HARMLESS, '').replaceAll('tensor core', '')
  if (SUPPORT.test(service) || BESIDE.test(line)) return null
  if (catalogued(thing.provider) === 'aws' && AWS_FEES.test(line)) return null
  if (found.by === 'text' && PART.test(line) && !countsGpus(said)) return null
  return PROMISED.test(said) ? { ...found, gpuCount: null } : found
}

/** The GPU that the line names, whatever it charges for. */
function gpuIn(thing: BilledThing, said: string): Recognised | null {
  const provider = catalogued(thing.provider)
  if (provider !== null && BY_THE_PIECE.has(provider)) {
    const gpu = gpuNamedIn(said)
    if (gpu) return { gpuType: gpu.gpuType, gpuCount: gpu.count, by: 'text' }
    if (provider === 'gcp' && thing.item !== '') return null // a machine's name stands on the line of each of its parts
  }
  const details = detailsIn(thing.skuPriceDetails)
  const answer = (gpuType: string, count: number | null, by: Recognised['by']): Recognised => {
    const known = [count, details.gpuCount].filter((one) => one !== null)
    return { gpuType, gpuCount: known.length === 0 ? null : Math.min(...known), by }
  }
  const size =
    sizeNamed(provider, thing.instanceType) ?? sizeNamed(provider, details.instanceType) ?? sizeIn(provider, said)
  if (size) return answer(size.gpuType, size.gpuCount, 'catalogue')
  const words = `${said} ${thing.instanceType.toLowerCase()} ${details.text}`
  const family = provider === null || provider === 'aws' ? FAMILY.exec(words)?.[1] : undefined
  const familyType = family === undefined ? undefined : familyGpu(family)
  if (familyType !== undefined) return answer(familyType, null, 'catalogue')
  const gpu = family === undefined ? gpuNamedIn(words) : null // the size says that it has none
  return gpu && answer(gpu.gpuType, gpu.count, 'text')
}

/** Words that one size's name may have: "NC24ads A100 v4", "Standard ND128isr NDR GB200 v6". */
const LONGEST_NAME = 5

/** The first size that a lower-cased text names, the longest name at its place. */
function sizeIn(provider: string | null, text: string): Size | undefined {
  const words = text.split(/[\s:/,;|()]+/)
  // Names of several words are Azure's alone; elsewhere joined words could make a name that nobody wrote.
  const longest = provider === 'azure' ? LONGEST_NAME : 1
  for (let from = 0; from < words.length; from += 1) {
    const first = words[from] ?? ''
    if (longest === 1 ? !/\d/.test(first) : !/^(?:n|standard)/.test(first)) continue
    for (let length = Math.min(longest, words.length - from); length > 0; length -= 1) {
      const size = sizeNamed(provider, words.slice(from, from + length).join('_'))
      if (size) return size
    }
  }
  return undefined
}

type Details = { instanceType: string; gpuCount: number | null; text: string }
const NO_DETAILS: Details = { instanceType: '', gpuCount: null, text: '' }

/** What FOCUS's SkuPriceDetails says; keys in any case, text and numbers alike. */
function detailsIn(json: string): Details {
  if (json === '') return NO_DETAILS
  const text = json.toLowerCase()
  const count = /"gpucount"\s*:\s*"?(\d{1,4}(?:\.\d{1,6})?)(?![\d.])/.exec(text)?.[1]
  const instanceType = /"instancetype"\s*:\s*"([^"]{1,100})"/.exec(text)?.[1] ?? ''
  const gpuName = /"(?:x_)?(?:gpu|gputype|gpumodel|acceleratortype|accelerator)"\s*:\s*"([^"]{1,100})"/.exec(text)?.[1]
  const gpuCount = count && Number(count) > 0 ? Number(count) : null
  return { instanceType, gpuCount, text: `${instanceType} ${gpuName === undefined ? '' : `accelerator: ${gpuName}`}` }
}

/** Distinct things that are remembered; a bill of a million rows has a few thousand. */
const MOST_REMEMBERED = 20_000

/** The same answer for the same thing without asking again, for as many things as a bill has. */
export function remembering<T>(ask: (thing: BilledThing) => T): (thing: BilledThing) => T {
  const known = new Map<string, T>()
  return (thing) => {
    const { provider, service, serviceCategory, sku, item, instanceType, resourceType, skuMeter } = thing
    const key = `${provider}\n${service}\n${serviceCategory}\n${sku}\n${item}\n${instanceType}\n${resourceType}\n${skuMeter}\n${thing.skuPriceDetails}`
    const before = known.get(key)
    if (before !== undefined || known.has(key)) return before as T
    const answer = ask(thing)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(key, answer)
    return answer
  }
}

/** `recognise` for a file of rows. */
export const recogniseGpu: (thing: BilledThing) => BilledGpu | null = remembering((thing) => {
  const found = recognise(thing)
  return found && { gpuType: found.gpuType, gpuCount: found.gpuCount }
})
