import type { Sheet } from './sheet.ts'

/**
 * Whole machines, GPUs included; bills charge for their cores, memory and GPUs apart. `nvidia-…` are GPUs attached to
 * another machine. Machines and GPUs: cloud.google.com/compute/docs/accelerator-optimized-machines.
 */
export const GCP: Sheet = {
  provider: 'gcp',
  isNamed: (provider) => /google|gcp/.test(provider),
  region: 'us-central1',
  source:
    'cloud.google.com/compute/all-pricing, as public code quotes it; attached GPUs: cloud-gpus.com (cloud-gpus/cloud-gpus.github.io at b0b08c2d)',
  asOf: '2026-04-20',
  specs: {
    source:
      'Google Cloud, accelerator-optimized machines (docs.cloud.google.com/compute/docs/accelerator-optimized-machines), checked where openshift/openshift-docs has the machine',
    asOf: '2026-11-21',
  },
  sizes: `
# a100 40
a2-highgpu-1g 1 3.673385 12 85
a2-highgpu-2g 2 7.34677 24 170
a2-highgpu-4g 4 14.69354 48 340
a2-highgpu-8g 8 29.38708 96 680
a2-megagpu-16g 16 - 96 1360
nvidia-tesla-a100 1 -
# a100 80
a2-ultragpu-1g 1 5.06879789 12 170
a2-ultragpu-2g 2 10.137595781 24 340
a2-ultragpu-4g 4 20.275191562 48 680
a2-ultragpu-8g 8 40.550383123 96 1360
nvidia-a100-80gb 1 -
# h100 80
a3-highgpu-1g 1 11.0612 26 234
a3-highgpu-2g 2 22.1225 52 468
a3-highgpu-4g 4 44.245 104 936
a3-highgpu-8g 8 88.490000119 208 1872
a3-megagpu-8g 8 - 208 1872
a3-edgegpu-8g 8 - 208 1872
a3-edgegpu-8g-nolssd 8 - 208 1872
nvidia-h100-80gb 1 -
nvidia-h100-mega-80gb 1 -
# h200 141
a3-ultragpu-8g 8 84.806908493 224 2952
a3-ultragpu-8g-nolssd 8 -
nvidia-h200-141gb 1 -
# b200 180
a4-highgpu-8g 8 - 224 3968
a4-highgpu-8g-nolssd 8 -
nvidia-b200 1 -
# gb200 186
a4x-highgpu-4g 4 - 140 884
a4x-highgpu-4g-nolssd 4 -
nvidia-gb200 1 -
# gb300 279
a4x-maxgpu-4g-metal 4 -
# l4 24
g2-standard-4 1 - 4 16
g2-standard-8 1 - 8 32
g2-standard-12 1 - 12 48
g2-standard-16 1 - 16 64
g2-standard-24 2 - 24 96
g2-standard-32 1 - 32 128
g2-standard-48 4 - 48 192
g2-standard-96 8 - 96 384
nvidia-l4 1 -
nvidia-l4-vws 1 -
# rtx-pro-6000 96
g4-standard-6 1/8 - 6 22
g4-standard-12 1/4 - 12 45
g4-standard-24 1/2 - 24 90
g4-standard-48 1 - 48 180
g4-standard-96 2 - 96 360
g4-standard-192 4 - 192 720
g4-standard-384 8 - 384 1440
nvidia-rtx-pro-6000 1 -
# t4 16
nvidia-tesla-t4 1 0.35
nvidia-tesla-t4-vws 1 -
# v100 16
nvidia-tesla-v100 1 2.48
# p100 16
nvidia-tesla-p100 1 1.46
nvidia-tesla-p100-vws 1 -
# p4 8
nvidia-tesla-p4 1 0.6
nvidia-tesla-p4-vws 1 -
# k80 12
nvidia-tesla-k80 1 0.45
`,
}
