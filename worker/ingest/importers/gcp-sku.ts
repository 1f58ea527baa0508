import type { BilledGpu, BilledThing, ReadOptions } from './importer.ts'

/** What a Google Cloud SKU's description says beside its name. */
export type GcpSku = {
  gpu: BilledGpu | null
  /** FOCUS PricingCategory. */
  pricingCategory: string
  /** A fee for a commitment: the GPU time that it covers is on the rows of the usage. */
  isCommitment: boolean
  /** Its quantity is time of the thing itself, not a fee counted by that time. */
  isTime: boolean
}

const FEES = /licen[sc]|management fee|premium|support/
const MOST_REMEMBERED = 20_000

/**
 * Reads SKU descriptions, each once. GPUs have SKUs of their own beside those of a machine's cores and memory
 * (cloud.google.com/skus), such as "Nvidia Tesla A100 GPU running in Americas", counted in GPU-hours: so the
 * description alone tells, whatever the machine that a row's labels name.
 */
export function gcpSkus(options: ReadOptions): (service: string, sku: string, description: string) => GcpSku {
  const known = new Map<string, GcpSku>()
  return (service, sku, description) => {
    const key = `${service}\n${sku}\n${description}`
    let said = known.get(key)
    if (said) return said
    said = skuOf({ ...NOTHING, service, sku, item: description }, options)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(key, said)
    return said
  }
}

const NOTHING: BilledThing = {
  ...{ provider: 'gcp', service: '', serviceCategory: '', sku: '', item: '', instanceType: '' },
  ...{ resourceType: '', skuMeter: '', skuPriceDetails: '' },
}

function skuOf(thing: BilledThing, options: ReadOptions): GcpSku {
  const text = thing.item.toLowerCase()
  const isCommitment = /\bcommitment\b|\bcommit fee\b/.test(text)
  const isFee = FEES.test(text)
  const found = options.recogniseGpu(thing)
  const several = /(?:^|[^a-z0-9.])(\d{1,3}) gpus?\b/.exec(text)?.[1] ?? '1'
  const perUnit = /gpu|nvidia/.test(text) && several === '1' ? 1 : null
  return {
    gpu: found && { gpuType: found.gpuType, gpuCount: found.gpuCount ?? perUnit },
    pricingCategory: isCommitment ? 'Committed' : /spot|preemptible/.test(text) ? 'Dynamic' : 'Standard',
    isCommitment,
    isTime: !isCommitment && !isFee,
  }
}
