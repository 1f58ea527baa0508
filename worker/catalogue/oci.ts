import type { Sheet } from './sheet.ts'

/** Whole shapes; a bill charges for GPU-hours of a kind. Shapes: docs.oracle.com/iaas/Content/Compute/References/computeshapes.htm. */
export const OCI: Sheet = {
  provider: 'oci',
  isNamed: (provider) => /oracle|oci/.test(provider),
  region: 'all commercial regions',
  source: 'oracle.com/cloud/price-list, as skypilot-org/skypilot-catalog republishes it (catalogs/v8/oci/vms.csv)',
  asOf: '2026-11-21',
  specs: {
    source:
      'Oracle, compute shapes (docs.oracle.com/iaas/Content/Compute/References/computeshapes.htm), checked where skypilot-org/skypilot-catalog has the shape; an OCPU is two vCPUs',
    asOf: '2026-11-21',
  },
  sizes: `
# p100 16
VM.GPU2.1 1 1.275 24 72
BM.GPU2.2 2 2.55
# v100 16
VM.GPU3.1 1 2.95 12 90
VM.GPU3.2 2 5.9 24 180
VM.GPU3.4 4 11.8 48 360
BM.GPU3.8 8 23.6 104 768
# a100 40
BM.GPU4.8 8 24.4 128 2048
BM.GPU.B4.8 8 -
# a100 80
BM.GPU.GM4.8 8 -
BM.GPU.A100-v2.8 8 32 256 2048
# a10 24
VM.GPU.A10.1 1 2 30 240
VM.GPU.A10.2 2 4 60 480
BM.GPU.A10.4 4 8 128 1024
# l40s 48
BM.GPU.L40S.4 4 14
BM.GPU.L40S-NC.4 4 -
# h100 80
BM.GPU.H100.8 8 80 224 2048
BM.GPU.H100-NC.8 8 -
# h200 141
BM.GPU.H200.8 8 80
BM.GPU.H200-NC.8 8 -
# b200 180
BM.GPU.B200.8 8 112
# b300 268
BM.GPU.B300.8 8 120
# gb200 192
BM.GPU.GB200.4 4 64
# gb300 279
BM.GPU.GB300.4 4 72
# rtx-pro-6000 96
BM.GPU.RTXPRO.8 8 36
# mi300x 192
BM.GPU.MI300X.8 8 48
# mi355x 288
BM.GPU.MI355X.8 8 68.8
`,
}
