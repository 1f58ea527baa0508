import type { BilledGpu, BilledThing } from './importer.ts'

/** Names that mean a GPU wherever they stand alone. */
const PLAIN =
  /(?:^|[^a-z0-9])(gb300|gb200|b300|b200|gh200|h200|h100|a100|a10g|l40s|v100|mi355x|mi325x|mi300x|mi250)(?![a-z0-9])/
/** Names that mean other things too (a layer-4 balancer, a P4 disk) unless the line speaks of GPUs. */
const AMBIGUOUS = /(?:^|[^a-z0-9])(l40|l4|t4|a10|a16|a30|a40|k80|p100|p40|p4|rtx ?a?\d{4}(?: ada)?)(?![a-z0-9])/
const SPEAKS_OF_GPUS = /gpu|nvidia|tesla|accelerator/

/**
 * AWS accelerated-computing families: aws.amazon.com/ec2/instance-types, read 2026-11. A family is one GPU type;
 * how many GPUs a size has is in the line's GpuCount or not known here.
 */
const AWS_FAMILIES: Record<string, string> = {
  'p6-b200': 'b200',
  p5en: 'h200',
  p5e: 'h200',
  p5: 'h100',
  p4de: 'a100',
  p4d: 'a100',
  p3dn: 'v100',
  p3: 'v100',
  p2: 'k80',
  g6e: 'l40s',
  g6: 'l4',
  g5: 'a10g',
  g4dn: 't4',
}
const INSTANCE =
  /(?:^|[^a-z0-9])(p6-b200|p5en|p5e|p5|p4de|p4d|p3dn|p3|p2|g6e|g6|g5|g4dn)\.(?:\d*xlarge|metal)(?![a-z0-9])/

/** The GPU that a bill line charges for; null for lines that are not GPU time. Never guesses from the price. */
export function recogniseGpu(line: BilledThing): BilledGpu | null {
  const category = line.serviceCategory.toLowerCase()
  if (category !== '' && category !== 'compute' && category !== 'ai and machine learning') return null
  const text =
    `${line.item} ${line.instanceType} ${line.resourceType} ${line.skuMeter} ${line.skuPriceDetails}`.toLowerCase()
  const family = INSTANCE.exec(text)?.[1]
  const gpuType =
    PLAIN.exec(text)?.[1] ??
    (family ? AWS_FAMILIES[family] : undefined) ??
    (SPEAKS_OF_GPUS.test(text) ? AMBIGUOUS.exec(text)?.[1] : undefined)
  if (!gpuType) return null
  const count = /"gpucount"\s*:\s*"?(\d{1,6})"?/.exec(line.skuPriceDetails.toLowerCase())?.[1]
  return { gpuType: gpuType.replaceAll(' ', '-'), gpuCount: count ? Number(count) : null }
}
