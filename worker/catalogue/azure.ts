import type { Sheet } from './sheet.ts'

/**
 * Pay as you go, Linux. Sizes and their parts of a GPU: learn.microsoft.com/azure/virtual-machines/sizes/gpu-accelerated.
 * A `_Promo` size is the size without it. Sizes newer than the source have no price.
 */
export const AZURE: Sheet = {
  provider: 'azure',
  isNamed: (provider) => /microsoft|azure/.test(provider),
  region: 'eastus',
  source:
    'Azure retail prices of eastus, as Azure/karpenter-provider-azure republishes them (pkg/providers/pricing/zz_generated.pricing.go)',
  asOf: '2023-12-18',
  specs: {
    source:
      'Azure, GPU-accelerated sizes (learn.microsoft.com/azure/virtual-machines/sizes), checked where microsoft/aspire has the size (AksNodeVmSizes)',
    asOf: '2026-11-21',
  },
  sizes: `
# k80 12
NC6 1 0.9 6 56
NC12 2 1.8 12 112
NC24 4 3.6 24 224
NC24r 4 3.96 24 224
# p100 16
NC6s_v2 1 2.07 6 112
NC12s_v2 2 4.14 12 224
NC24s_v2 4 8.28 24 448
NC24rs_v2 4 9.108 24 448
# v100 16
NC6s_v3 1 3.06 6 112
NC12s_v3 2 6.12 12 224
NC24s_v3 4 12.24 24 448
NC24rs_v3 4 13.46 24 448
# v100 32
ND40rs_v2 8 22.032 40 672
ND40s_v2 8 12.24
# t4 16
NC4as_T4_v3 1 0.526 4 28
NC8as_T4_v3 1 0.752 8 56
NC16as_T4_v3 1 1.204 16 110
NC64as_T4_v3 4 4.352 64 440
# a100 80
NC24ads_A100_v4 1 3.673 24 220
NC48ads_A100_v4 2 7.346 48 440
NC96ads_A100_v4 4 14.692 96 880
ND96ams_A100_v4 8 32.77 96 1900
ND96amsr_A100_v4 8 32.77 96 1900
ND96ams_v4 8 -
# a100 40
ND96asr_v4 8 27.197 96 900
ND96asr_A100_v4 8 27.197
ND96as_v4 8 -
# h100 94
NC40ads_H100_v5 1 - 40 320
NC80adis_H100_v5 2 - 80 640
NCC40ads_H100_v5 1 - 40 320
# h100 80
ND96isr_H100_v5 8 98.32 96 1900
ND96is_H100_v5 8 88.488
ND96is_noIB_H100_v5 8 -
# h200 141
ND96isr_H200_v5 8 - 96 1850
ND96is_H200_v5 8 -
ND96isrf_H200_v5 8 -
# gb200 192
ND128isr_NDR_GB200_v6 4 - 128 864
# gb300 288
ND128isr_GB300_v6 4 - 128 864
# mi300x 192
ND96isr_MI300X_v5 8 - 96 1850
ND96is_MI300X_v5 8 - 96 1850
# p40 24
ND6s 1 2.07 6 112
ND12s 2 4.14 12 224
ND24s 4 8.28 24 448
ND24rs 4 9.108 24 448
# m60 8
NV6 1 1.14 6 56
NV12 2 2.28 12 112
NV24 4 4.56 24 224
NV6s_v2 1 - 6 112
NV12s_v2 2 - 12 224
NV24s_v2 4 - 24 448
NV12s_v3 1 1.14 12 112
NV24s_v3 2 2.28 24 224
NV48s_v3 4 4.56 48 448
# mi25 16
NV4as_v4 1/8 0.233 4 14
NV8as_v4 1/4 0.466 8 28
NV16as_v4 1/2 0.932 16 56
NV32as_v4 1 1.864 32 112
# a10 24
NV6ads_A10_v5 1/6 0.454 6 55
NV12ads_A10_v5 1/3 0.908 12 110
NV18ads_A10_v5 1/2 1.6 18 220
NV36ads_A10_v5 1 3.2 36 440
NV36adms_A10_v5 1 4.52 36 880
NV72ads_A10_v5 2 6.52 72 880
# radeon-pro-v620 32
NG8ads_V620_v1 1/4 - 8 16
NG16ads_V620_v1 1/2 - 16 32
NG32ads_V620_v1 1 - 32 64
NG32adms_V620_v1 1 - 32 176
# radeon-pro-v710 28
NV4ads_V710_v5 1/6 - 4 16
NV8ads_V710_v5 1/3 - 8 32
NV12ads_V710_v5 1/2 - 12 64
NV24ads_V710_v5 1 - 24 128
NV28adms_V710_v5 1 - 28 160
`,
}
