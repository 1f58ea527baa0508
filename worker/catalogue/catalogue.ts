import { AWS } from './aws.ts'
import { AZURE } from './azure.ts'
import { GCP } from './gcp.ts'
import { GPU_CLOUDS } from './gpu-clouds.ts'
import { OCI } from './oci.ts'
import { type Sheet, type Size, sizesOf } from './sheet.ts'

/** Every provider's sheet. */
export const SHEETS: readonly Sheet[] = [AWS, GCP, AZURE, OCI, ...GPU_CLOUDS]

/** Every size, by provider. */
export const SIZES: readonly Size[] = SHEETS.flatMap(sizesOf)

const BY_PROVIDER = new Map(SHEETS.map((sheet) => [sheet.provider, keyed(sizesOf(sheet))]))
/** Names of Azure are words as short as "NC6": without the provider they would be found where they do not stand. */
const ANYWHERE = keyed(SIZES.filter(({ provider }) => provider !== 'azure'))

/** Families of a provider that write `family.size`, where all sizes are one kind: a new size is still that GPU. */
const FAMILIES = new Map(
  SIZES.filter(({ provider, name }) => provider === 'aws' && name.includes('.')).map(({ name, gpuType }) => [
    name.slice(0, name.indexOf('.')),
    gpuType,
  ]),
)

/** The catalogue's own word for the provider that a bill names; null for one without a sheet. */
export function catalogued(provider: string): string | null {
  return (
    (SHEETS.find((sheet) => sheet.provider === provider) ?? SHEETS.find((sheet) => sheet.isNamed(provider)))
      ?.provider ?? null
  )
}

/**
 * The size with that name at the provider (the catalogue's word; null: any), however the bill writes it:
 * "Standard_ND96asr_v4", "ND96asr v4", "ml.p4d.24xlarge", "NC6_Promo". Undefined where it is none.
 */
export function sizeNamed(provider: string | null, name: string): Size | undefined {
  return name === '' ? undefined : (provider === null ? ANYWHERE : BY_PROVIDER.get(provider))?.get(sizeKey(name))
}

/** The GPU of an AWS family such as "p5en", for a size that the catalogue does not have. */
export function familyGpu(family: string): string | undefined {
  return FAMILIES.get(family)
}

/** Names compare by letters and digits alone. */
export function sizeKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/^standard[_ ]|^ml\.|[_ ]promo$/g, '')
    .replace(/[^a-z0-9]/g, '')
}

/** Types that the catalogue knows, sorted. */
export const CATALOGUED_TYPES: readonly string[] = [...new Set(SIZES.map(({ gpuType }) => gpuType))].sort()

function keyed(sizes: readonly Size[]): ReadonlyMap<string, Size> {
  return new Map(sizes.map((size) => [sizeKey(size.name), size]))
}
