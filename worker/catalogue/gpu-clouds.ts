import type { Sheet } from './sheet.ts'

const SKYPILOT = 'as skypilot-org/skypilot-catalog republishes it'

/** Clouds that rent out GPUs. Names that say their GPUs themselves ("gpu_8x_h100") are here for memory and price. */
export const GPU_CLOUDS: readonly Sheet[] = [
  {
    provider: 'lambda',
    isNamed: (provider) => provider.includes('lambda'),
    region: 'all',
    source: `Price list of Lambda's API, ${SKYPILOT} (catalogs/v8/lambda/vms.csv at 0f407038)`,
    asOf: '2026-11-21',
    specs: { source: `Lambda's API, ${SKYPILOT} (catalogs/v7/lambda/vms.csv at 11580132)`, asOf: '2026-11-21' },
    sizes: `
# v100 16
gpu_8x_v100 8 6.32 92 448
gpu_8x_v100_n 8 6.32
# rtx-6000 24
gpu_1x_rtx6000 1 0.69
# a10 24
gpu_1x_a10 1 1.29
# rtx-a6000 48
gpu_1x_a6000 1 1.09 14 100
gpu_2x_a6000 2 2.18 28 200
gpu_4x_a6000 4 4.36 56 400
# a100 40
gpu_1x_a100 1 1.99
gpu_1x_a100_sxm4 1 1.99
gpu_2x_a100 2 -
gpu_4x_a100 4 -
gpu_8x_a100 8 - 124 1800
# a100 80
gpu_8x_a100_80gb_sxm4 8 22.32
# h100 80
gpu_1x_h100_pcie 1 3.29
gpu_1x_h100_sxm5 1 4.29
gpu_2x_h100_sxm5 2 8.38
gpu_4x_h100_sxm5 4 16.36
gpu_8x_h100_sxm5 8 31.92
# gh200 96
gpu_1x_gh200 1 2.29
# b200 180
gpu_1x_b200_sxm6 1 6.99
gpu_2x_b200_sxm6 2 13.78
gpu_8x_b200_sxm6 8 53.52
`,
  },
  {
    provider: 'nebius',
    isNamed: (provider) => provider.includes('nebius'),
    region: 'eu-north1; b200: us-central1',
    source: `nebius.com/prices, ${SKYPILOT} (catalogs/v8/nebius/vms.csv at 0082b043)`,
    asOf: '2026-11-21',
    specs: { source: 'The presets’ own names, which say vCPUs and GB', asOf: '2026-11-21' },
    sizes: `
# h100 80
gpu-h100-sxm_1gpu-16vcpu-200gb 1 2.95 16 200
gpu-h100-sxm_8gpu-128vcpu-1600gb 8 23.6 128 1600
# h200 141
gpu-h200-sxm_1gpu-16vcpu-200gb 1 3.5 16 200
gpu-h200-sxm_8gpu-128vcpu-1600gb 8 28 128 1600
# b200 180
gpu-b200-sxm_8gpu-160vcpu-1792gb 8 44 160 1792
# l40s 48
gpu-l40s-a_1gpu-8vcpu-32gb 1 1.5484 8 32
gpu-l40s-a_1gpu-16vcpu-64gb 1 1.7468 16 64
gpu-l40s-a_1gpu-24vcpu-96gb 1 1.9452 24 96
gpu-l40s-a_1gpu-32vcpu-128gb 1 2.1436 32 128
gpu-l40s-a_1gpu-40vcpu-160gb 1 2.342 40 160
gpu-l40s-d_1gpu-16vcpu-96gb 1 1.8172 16 96
gpu-l40s-d_1gpu-32vcpu-192gb 1 2.2844 32 192
gpu-l40s-d_1gpu-48vcpu-288gb 1 2.7516 48 288
gpu-l40s-d_2gpu-64vcpu-384gb 2 4.5688 64 384
gpu-l40s-d_2gpu-96vcpu-576gb 2 5.5032 96 576
gpu-l40s-d_4gpu-128vcpu-768gb 4 9.1376 128 768
gpu-l40s-d_4gpu-192vcpu-1152gb 4 11.0064 192 1152
`,
  },
  {
    provider: 'coreweave',
    isNamed: (provider) => provider.includes('coreweave'),
    region: 'all',
    source: 'docs.coreweave.com, GPU instances; no public price list that is dated',
    asOf: '2026-11-21',
    specs: null,
    sizes: `
# h100 80
gd-8xh100ib-i128 8 -
# h200 141
gd-8xh200ib-i128 8 -
# l40 48
gd-8xl40-i128 8 -
# l40s 48
gd-8xl40s-i128 8 -
# a100 80
gd-8xa100-i128 8 -
# b200 180
b200-8x 8 -
# gb200 186
gb200-4x 4 -
`,
  },
  {
    provider: 'digitalocean',
    isNamed: (provider) => provider.includes('digitalocean'),
    region: 'all',
    source: 'docs.digitalocean.com, GPU Droplets; no dated price',
    asOf: '2026-11-21',
    specs: null,
    sizes: `
# h100 80
gpu-h100x1-80gb 1 -
gpu-h100x8-640gb 8 -
# h200 141
gpu-h200x1-141gb 1 -
gpu-h200x8-1128gb 8 -
# l40s 48
gpu-l40sx1-48gb 1 -
# rtx-4000-ada 20
gpu-4000adax1-20gb 1 -
# rtx-6000-ada 48
gpu-6000adax1-48gb 1 -
# mi300x 192
gpu-mi300x1-192gb 1 -
gpu-mi300x8-1536gb 8 -
`,
  },
  {
    provider: 'scaleway',
    isNamed: (provider) => provider.includes('scaleway'),
    region: 'fr-par',
    source: 'scaleway.com/docs/gpu, GPU Instances; priced in euro, so no price here',
    asOf: '2026-11-21',
    specs: { source: `Scaleway's API, ${SKYPILOT} (catalogs/v5/scaleway/vms.csv at a3474572)`, asOf: '2026-11-21' },
    sizes: `
# h100 80
H100-1-80G 1 - 24 240
H100-2-80G 2 - 48 480
H100-SXM-2-80G 2 -
H100-SXM-4-80G 4 -
H100-SXM-8-80G 8 -
# l4 24
L4-1-24G 1 -
L4-2-24G 2 -
L4-4-24G 4 -
L4-8-24G 8 -
# l40s 48
L40S-1-48G 1 -
L40S-2-48G 2 -
L40S-4-48G 4 -
L40S-8-48G 8 -
`,
  },
]
