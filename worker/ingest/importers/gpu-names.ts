/** A kind of GPU that a text names. `count`: how many, where the text says ("8x H100"); null where it does not. */
export type NamedGpu = { gpuType: string; count: number | null }

/** Names that mean a GPU wherever they stand alone. */
const PLAIN =
  'gb300|gb200|b300|b200|gh200|h200|h100|h800|a100|a800|a10g|l40s|v100|mi355x|mi350x|mi325x|mi300[ax]|mi250x?|mi210|' +
  'gaudi ?[23]?|trainium ?[23]?|inferentia ?2?|rtx[ _-]?pro[ _-]?[456][05]00|rtx[ _-]?a?[2-9]0[0-9]0(?:[ _-]?ti)?(?:[ _-]?(?:sff[ _-]?)?ada)?'
/** Names that mean other things too (a layer-4 balancer, a P4 disk) unless the line speaks of GPUs. */
const AMBIGUOUS =
  'l40|l4|t4g|t4|a10|a16|a2|a30|a40|a4000|a4500|a5000|a5500|a6000|k80|m60|m4000|p100|p40|p4000|p5000|p6000|p4|h20|mi100|mi25'
const SPEAKS_OF_GPUS = /gpu|nvidia|tesla|accelerator|quadro|geforce|radeon|cuda|sxm|pcie/

const MAKER = '(?:nvidia[ _-]|amd[ _-]|tesla[ _-]|instinct[ _-]){0,2}'
const TIMES = '[1-9]|1[0-6]|32|64|72'
const plain = named(PLAIN)
const ambiguous = named(AMBIGUOUS)
const TPU = /(?:^|[^a-z0-9])(?:tpu[ _-]?v?([2-9])[ _-]?(lite|litepod|e|p)?|trillium|ironwood)(?![a-z])/

/** A name on its own, with how many there are before ("8x H100", "8xh100") or behind it ("H100x8", "H100 x 8"). */
function named(names: string): RegExp {
  return new RegExp(
    `(?:^|[^a-z0-9])(?:(${TIMES}) ?[x×][ _-]?${MAKER})?(${names})(?:sxm\\d?|nvl|pcie)?(?: ?[x×] ?(${TIMES}))?(?![a-z0-9])`,
    'g',
  )
}

/** "1 gpu slice", "8 GPUs", but not the "80" of "80GB GPU". */
const COUNTED = new RegExp(`(?:^|[^a-z0-9.])(${TIMES}) ?gpus?(?![a-z0-9])`)
/** One GPU is what is billed: "Nvidia L4 GPU running in …", "GPU - H100"; not a "GPU server", not "GPUs". */
const ONE =
  /(?:^|[^a-z0-9])gpu(?![a-z0-9])(?![ _-]*(?:cloud|cluster|compute|droplet|instance|machine|node|optimi|pod|server|vm|worker|virtual))/
/** A MIG slice such as 1g.10gb: so many sevenths of a GPU. */
const MIG = /(?:^|[^a-z0-9])([1-7])g[._-]\d{1,3}gb(?![a-z0-9])/

/**
 * The GPU that a lower-cased text names by its chip, in our spelling: "8x H100 SXM5" is eight `h100`. What memory it has is
 * no other type. Null where it names none.
 */
export function gpuNamedIn(text: string): NamedGpu | null {
  const tpu = text.includes('tpu') || text.includes('trillium') || text.includes('ironwood') ? TPU.exec(text) : null
  if (tpu) return { gpuType: tpuType(tpu), count: null }
  const found = firstNamed(text, plain) ?? (SPEAKS_OF_GPUS.test(text) ? firstNamed(text, ambiguous) : null)
  if (!found) return null
  const said = found.said ?? COUNTED.exec(text)?.[1]
  const slices = MIG.exec(text)?.[1]
  const count = slices ? Number(slices) / 7 : said ? Number(said) : ONE.test(text) ? 1 : null
  return { gpuType: spelled(found.name), count }
}

/** Whether the text counts its GPUs, so that cores and memory in it are those of a whole machine. */
export function countsGpus(text: string): boolean {
  return COUNTED.test(text) || (firstNamed(text, plain) ?? firstNamed(text, ambiguous))?.said !== undefined
}

/** The first name, and how many the text says wherever it names it: "H200 node, 8x H200". */
function firstNamed(text: string, names: RegExp): { name: string; said: string | undefined } | null {
  let first: string | undefined
  for (const [, before, name = '', behind] of text.matchAll(names)) {
    first ??= name
    const said = before ?? behind
    if (said !== undefined && name === first) return { name, said }
  }
  return first === undefined ? null : { name: first, said: undefined }
}

function spelled(name: string): string {
  const joined = name.replace(/[ _-]/g, '')
  const workstation = /^(?:rtx)?(pro)?(a?)(\d{4}(?:ti)?)(?:sff)?(ada)?$/.exec(joined)
  if (!workstation) return joined
  const [, pro, letter = '', digits = '', ada] = workstation
  return ['rtx', pro, `${letter}${digits}`, ada].filter(Boolean).join('-')
}

function tpuType([found, generation, kind]: RegExpExecArray): string {
  if (found.includes('trillium')) return 'tpu-v6e'
  if (found.includes('ironwood')) return 'tpu-v7'
  return `tpu-v${generation}${kind?.startsWith('lite') ? 'e' : (kind ?? '')}`
}
