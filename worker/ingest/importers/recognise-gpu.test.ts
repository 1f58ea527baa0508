import { describe, expect, test } from 'vitest'
import { SIZES } from '../../catalogue/catalogue.ts'
import type { BilledThing } from './importer.ts'
import { recognise, recogniseGpu, remembering } from './recognise-gpu.ts'

const NOTHING: BilledThing = {
  ...{ provider: '', service: '', serviceCategory: '', sku: '', item: '', instanceType: '' },
  ...{ resourceType: '', skuMeter: '', skuPriceDetails: '' },
}

type Line = [thing: Partial<BilledThing>, gpuType: string | null, gpuCount?: number | null]

/** Null type: the line is no GPU time. */
function holds(provider: string, lines: readonly Line[]): void {
  test.each(lines)('%j is %s × %s', (thing, gpuType, gpuCount = null) => {
    const found = recogniseGpu({ ...NOTHING, provider, ...thing })
    expect(found).toEqual(gpuType === null ? null : { gpuType, gpuCount })
  })
}

const EC2 = { service: 'Amazon Elastic Compute Cloud' }

describe('lines of AWS', () => {
  holds('aws', [
    [{ ...EC2, item: '$1.624 per On Demand Linux g5.4xlarge Instance Hour' }, 'a10g', 1],
    [{ ...EC2, item: '$55.04 per On Demand Linux p5.48xlarge Instance Hour' }, 'h100', 8],
    [{ ...EC2, item: 'Linux p5.48xlarge Instance' }, 'h100', 8],
    [{ ...EC2, item: '$6.88 per On Demand Windows p5.4xlarge Instance Hour' }, 'h100', 1],
    [{ ...EC2, item: '$4.10 per On Demand Linux g5.16xlarge, License Included' }, 'a10g', 1],
    [{ ...EC2, sku: 'USE1-BoxUsage:p5.48xlarge' }, 'h100', 8],
    [{ ...EC2, sku: 'EUW1-SpotUsage:g4dn.12xlarge' }, 't4', 4],
    [{ ...EC2, sku: 'DedicatedUsage:p3.16xlarge' }, 'v100', 8],
    [{ ...EC2, sku: 'UnusedBox:p4d.24xlarge' }, 'a100', 8],
    // The hours of a capacity reservation are billed again as used or as unused boxes.
    [{ ...EC2, sku: 'USE1-Reservation:p4d.24xlarge' }, 'a100', null],
    [{ ...EC2, item: 'Linux/UNIX (Amazon VPC), p4d.24xlarge reserved instance applied' }, 'a100', 8],
    [{ ...EC2, item: 'USD 12.1 hourly fee per Linux/UNIX (Amazon VPC), p4d.24xlarge instance' }, 'a100', null],
    [{ ...EC2, instanceType: 'p5en.48xlarge' }, 'h200', 8],
    [{ ...EC2, instanceType: 'p6-b200.48xlarge' }, 'b200', 8],
    [{ ...EC2, instanceType: 'p6e-gb200.36xlarge' }, 'gb200', 4],
    [{ ...EC2, instanceType: 'g6f.large' }, 'l4', 0.125],
    [{ ...EC2, instanceType: 'gr6.8xlarge' }, 'l4', 1],
    [{ ...EC2, instanceType: 'g6e.48xlarge' }, 'l40s', 8],
    [{ ...EC2, instanceType: 'g4ad.16xlarge' }, 'radeon-pro-v520', 4],
    [{ ...EC2, instanceType: 'g5g.metal' }, 't4g', 2],
    [{ ...EC2, instanceType: 'trn1.32xlarge' }, 'trainium', 16],
    [{ ...EC2, instanceType: 'inf2.48xlarge' }, 'inferentia2', 12],
    [{ ...EC2, instanceType: 'dl1.24xlarge' }, 'gaudi', 8],
    // A size that came after the catalogue: the kind is its family's, the number is not known.
    [{ ...EC2, instanceType: 'p5en.24xlarge' }, 'h200', null],
    [{ ...EC2, item: '$9 per On Demand Linux p6-b200.24xlarge Instance Hour' }, 'b200', null],
    // FOCUS: the file says how many; never more than the catalogue has.
    [{ ...EC2, skuPriceDetails: '{"InstanceType":"p4de.24xlarge","GpuCount":8}' }, 'a100', 8],
    [{ ...EC2, skuPriceDetails: '{"InstanceType": "p5.48xlarge", "CoreCount": "192"}' }, 'h100', 8],
    [{ ...EC2, skuPriceDetails: '{"InstanceType":"p5en.24xlarge","GpuCount":"4"}' }, 'h200', 4],
    [{ ...EC2, skuPriceDetails: '{"InstanceType":"g5.xlarge","GpuCount":8}' }, 'a10g', 1],
    [{ service: 'Amazon SageMaker', sku: 'USE1-Train:ml.p4d.24xlarge' }, 'a100', 8],
    [{ service: 'Amazon SageMaker', item: '$1.41 per Hosting ml.g5.xlarge hour in US East' }, 'a10g', 1],
    [{ ...EC2, serviceCategory: 'Compute', instanceType: 'g6.xlarge' }, 'l4', 1],
    // No GPU time.
    [
      { service: 'Amazon Elastic MapReduce', sku: 'BoxUsage:g4dn.xlarge', item: '$0.13 per hour for EMR g4dn.xlarge' },
      null,
    ],
    [{ service: 'Amazon Elastic Kubernetes Service', sku: 'USE1-EKS-Auto:p5.48xlarge' }, null],
    [{ service: 'Amazon Elastic Container Service for Kubernetes', item: 'EKS hours' }, null],
    [{ service: 'AmazonEKS', sku: 'USE1-EKS-Auto:p5.48xlarge' }, null],
    [{ service: 'Amazon Elastic Container Service', sku: 'ECS-Managed-Instances:g5.xlarge' }, null],
    [{ ...EC2, sku: 'EBSOptimized:p3.16xlarge', item: '$0.00 per hour for EBS-optimized p3.16xlarge' }, null],
    [{ ...EC2, sku: 'EBS:VolumeUsage.gp3', item: '$0.08 per GB-month of gp3 for node p5.48xlarge' }, null],
    [{ ...EC2, item: '$0.01 per GB - regional data transfer between p5.48xlarge instances' }, null],
    [{ ...EC2, sku: 'USE1-DataTransfer-Out-Bytes', resourceType: 'p5.48xlarge' }, null],
    [{ ...EC2, instanceType: 't4g.small', sku: 'USE1-BoxUsage:t4g.small' }, null],
    [{ ...EC2, item: '$0.15 per On Demand Linux m6g.xlarge Instance Hour' }, null],
    [{ ...EC2, item: '$0.04 per On Demand Linux c6gd.medium Instance Hour' }, null],
    [{ ...EC2, sku: 'CPUCredits:t4g', item: '$0.04 per vCPU-Hour of T4G CPU credits' }, null],
    [{ service: 'AWS Marketplace', item: 'AWS Marketplace hourly software usage|us-east-1|g4dn.xlarge' }, null],
    [{ service: 'Databricks', item: 'DBU usage on p4d.24xlarge' }, null],
    [{ service: 'AWS Support (Enterprise)', item: 'Support for H100 workloads' }, null],
    [{ service: 'AWS Savings Plans for AWS Compute usage', item: '3yr Compute Savings Plan' }, null],
    [{ service: 'Elastic Load Balancing', item: 'L4 load balancer hours, GPU cluster' }, null],
    [{ ...EC2, serviceCategory: 'Storage', item: 'p5.48xlarge scratch' }, null],
    [{ service: 'Amazon Relational Database Service', sku: 'InstanceUsage:db.r6g.xlarge' }, null],
  ])
})

const GCE = { service: 'Compute Engine' }

describe('lines of Google Cloud', () => {
  holds('google cloud', [
    [{ ...GCE, item: 'Nvidia H100 80GB GPU running in Americas' }, 'h100', 1],
    [{ ...GCE, item: 'Nvidia H100 80GB GPU attached to Spot Preemptible VMs running in Americas' }, 'h100', 1],
    [{ ...GCE, item: 'Nvidia Tesla A100 80GB GPU running in Americas' }, 'a100', 1],
    // The machine's name stands beside each of its parts: eight GPUs are eight units of this line.
    [{ ...GCE, item: 'Nvidia Tesla A100 GPU running in Americas', instanceType: 'a2-highgpu-8g' }, 'a100', 1],
    [{ ...GCE, item: 'Nvidia L4 GPU running in Netherlands' }, 'l4', 1],
    [{ ...GCE, item: 'Nvidia Tesla T4 GPU running in Iowa' }, 't4', 1],
    [{ ...GCE, item: 'Nvidia Tesla P4 GPU running in Taiwan' }, 'p4', 1],
    [{ ...GCE, item: 'Nvidia Tesla K80 GPU attached to Preemptible VMs running in Americas' }, 'k80', 1],
    [{ ...GCE, item: 'A4 Nvidia B200 (1 gpu slice) running in Iowa' }, 'b200', 1],
    [{ ...GCE, item: 'A3Ultra Nvidia H200 (8 gpu slice) running in Iowa' }, 'h200', 8],
    [{ ...GCE, item: 'DWS Defined Duration A3 High Nvidia H100 80GB GPU running in Iowa' }, 'h100', 1],
    [{ ...GCE, item: 'Commitment v1: Nvidia L4 GPU in Iowa for 1 Year' }, 'l4', null],
    [{ service: 'Vertex AI', item: 'Custom Training Nvidia Tesla T4 GPU running in Americas' }, 't4', 1],
    [{ service: 'Kubernetes Engine', item: 'Autopilot NVIDIA L4 GPU Requests (us-central1)' }, 'l4', 1],
    [{ service: 'Cloud Run', item: 'GPU NVIDIA L4 (no zonal redundancy) in us-central1' }, 'l4', 1],
    [{ ...GCE, item: 'TpuV5e running in Americas' }, 'tpu-v5e', null],
    [{ ...GCE, item: 'Cloud TPU v5 lite pod' }, 'tpu-v5e', null],
    [{ ...GCE, item: 'TPU-v6e Spot running in Iowa' }, 'tpu-v6e', null],
    [{ ...GCE, instanceType: 'a3-highgpu-8g' }, 'h100', 8],
    // Cores and memory of a GPU machine are not its GPUs.
    [{ ...GCE, item: 'A2 Instance Core running in Americas', instanceType: 'a2-highgpu-1g' }, null],
    [{ ...GCE, item: 'A2 Instance Ram running in Americas', instanceType: 'a2-highgpu-1g' }, null],
    [{ ...GCE, item: 'A3 Instance Ram running in Iowa', instanceType: 'a3-highgpu-8g' }, null],
    [{ ...GCE, item: 'G2 Instance Core running in Belgium' }, null],
    [{ ...GCE, item: 'SSD backed Local Storage attached to A3 VMs with H100 GPU' }, null],
    [{ ...GCE, item: 'N1 Predefined Instance Core running in Americas' }, null],
    [{ ...GCE, item: 'Licensing Fee for Windows Server on VM with Nvidia T4 GPU' }, null],
    [{ ...GCE, item: 'Nvidia Tesla T4 Virtual Workstation license fee GPU' }, null],
    [{ service: 'Networking', item: 'Network Load Balancing: L4 Forwarding Rule' }, null],
    [{ ...GCE, item: 'Network Inter Zone Data Transfer Out to H100 GPU VMs' }, null],
  ])
})

const VM = { service: 'Virtual Machines' }

describe('lines of Azure', () => {
  holds('microsoft azure', [
    [{ ...VM, skuMeter: 'ND96asr A100 v4' }, 'a100', 8],
    [{ ...VM, item: 'NC24ads A100 v4 Spot' }, 'a100', 1],
    [{ ...VM, item: 'NC96ads A100 v4 Low Priority' }, 'a100', 4],
    [{ ...VM, item: 'Virtual Machines NDamsrA100v4 Series - ND96amsr A100 v4 - US East' }, 'a100', 8],
    [{ ...VM, item: 'NC6s v3' }, 'v100', 1],
    [{ ...VM, item: 'NC24rs v2 Spot' }, 'p100', 4],
    [{ ...VM, item: 'NC64as T4 v3' }, 't4', 4],
    [{ ...VM, item: 'NC40ads H100 v5' }, 'h100', 1],
    [{ ...VM, item: 'NV6 Promo' }, 'm60', 1],
    [{ ...VM, instanceType: 'Standard_NC6_Promo' }, 'k80', 1],
    [{ ...VM, instanceType: 'Standard_ND96isr_H100_v5' }, 'h100', 8],
    [{ ...VM, instanceType: 'Standard_ND96isr_H200_v5' }, 'h200', 8],
    [{ ...VM, instanceType: 'Standard_ND128isr_NDR_GB200_v6' }, 'gb200', 4],
    [{ ...VM, instanceType: 'Standard_ND96isr_MI300X_v5' }, 'mi300x', 8],
    [{ ...VM, item: 'ND128isr NDR GB200 v6' }, 'gb200', 4],
    [{ ...VM, item: 'NV6ads A10 v5' }, 'a10', 1 / 6],
    [{ ...VM, item: 'NV72ads A10 v5' }, 'a10', 2],
    [{ ...VM, item: 'NV32as v4' }, 'mi25', 1],
    [{ ...VM, item: 'ND48s H100 v5' }, 'h100', null], // a size that the catalogue does not have
    [{ ...VM, item: 'D2 v3/D2s v3' }, null],
    [{ ...VM, item: 'E4s v5' }, null],
    [{ ...VM, item: 'F16s v2 Low Priority' }, null],
    [{ ...VM, item: 'NP10s' }, null], // an FPGA
    [{ service: 'Virtual Machines Licenses', item: 'NC6s v3 Windows' }, null],
    [{ service: 'Azure Databricks', item: 'Premium Jobs Compute DBU', instanceType: 'Standard_NC6s_v3' }, null],
    [{ service: 'Azure Kubernetes Service', item: 'Standard Uptime SLA for ND96asr v4 pool' }, null],
    [{ service: 'Storage', item: 'P4 LRS Disk' }, null],
    [{ service: 'Storage', serviceCategory: 'Storage', item: 'Premium SSD Managed Disks P40' }, null],
    [{ service: 'Bandwidth', item: 'Standard Data Transfer Out, ND96asr v4' }, null],
  ])
  test('names as short as NC6 are sizes at Azure alone', () => {
    expect(recogniseGpu({ ...NOTHING, provider: 'acme', item: 'Cable NC6' })).toBeNull()
    expect(recogniseGpu({ ...NOTHING, provider: 'azure', item: 'NC6' })).toEqual({ gpuType: 'k80', gpuCount: 1 })
  })
})

describe('lines of Oracle', () => {
  holds('oracle', [
    [{ item: 'Oracle Cloud Infrastructure - Compute - GPU - A100 - v2' }, 'a100', 1],
    [{ item: 'Compute - GPU - H100', instanceType: 'BM.GPU.H100.8' }, 'h100', 1],
    [{ item: 'OCI - Compute - GPU - A10' }, 'a10', 1],
    [{ item: 'Compute - GPU - MI300X' }, 'mi300x', 1],
    [{ instanceType: 'BM.GPU.H100.8' }, 'h100', 8],
    [{ instanceType: 'VM.GPU.A10.1' }, 'a10', 1],
    [{ sku: 'BM.GPU4.8' }, 'a100', 8],
    [{ item: 'Oracle Cloud Infrastructure - Compute - Standard - E4 - OCPU' }, null],
    [{ item: 'Oracle Cloud Infrastructure - Block Volume - Performance Units' }, null],
  ])
})

describe('lines of GPU clouds', () => {
  holds('coreweave', [
    [{ item: '8x H100 SXM5' }, 'h100', 8],
    [{ instanceType: 'gd-8xh100ib-i128' }, 'h100', 8],
    [{ item: 'HGX H200 node, 8x NVIDIA H200, 128 vCPU, 2 TB RAM, 61 TB SSD' }, 'h200', 8],
    [{ item: 'A40 GPU hour' }, 'a40', 1],
    [{ item: 'A40 cable' }, null],
    [{ item: 'H100 GPU storage volume' }, null],
    [{ item: 'NVIDIA AI Enterprise for H100, support subscription' }, null],
    [{ service: 'Support', item: 'H100 care' }, null],
  ])
  holds('lambda', [
    [{ item: 'gpu_8x_h100_sxm5' }, 'h100', 8],
    [{ item: 'gpu_1x_a10' }, 'a10', 1],
    [{ item: '1x GH200 (96 GB)' }, 'gh200', 1],
    [{ item: 'RTX 6000 Ada' }, 'rtx-6000-ada', null],
  ])
  holds('runpod', [
    [{ item: 'H100 SXM 80GB Pod' }, 'h100', null],
    [{ item: '2 x RTX 4090' }, 'rtx-4090', 2],
    [{ item: 'RTX A6000 GPU' }, 'rtx-a6000', 1],
    [{ item: 'GeForce RTX 3090 Ti' }, 'rtx-3090ti', null],
    [{ item: 'NVIDIA RTX PRO 6000 Blackwell GPU' }, 'rtx-pro-6000', 1],
    [{ item: 'A100 MIG 3g.40gb' }, 'a100', 3 / 7],
    [{ item: 'AMD Instinct MI300X x 8' }, 'mi300x', 8],
    [{ item: 'Intel Gaudi 3' }, 'gaudi3', null],
  ])
  holds('nebius', [
    [{ item: 'NVIDIA H100 NVLink with Intel Sapphire Rapids. GPU' }, 'h100', 1],
    [{ item: 'NVIDIA H100 NVLink with Intel Sapphire Rapids. vCPU' }, null],
    [{ item: 'NVIDIA H100 NVLink with Intel Sapphire Rapids. RAM' }, null],
    [{ instanceType: 'gpu-h200-sxm_8gpu-128vcpu-1600gb' }, 'h200', 8],
  ])
  holds('alibaba cloud', [[{ service: 'Elastic Compute Service (ECS)', item: 'ecs.gn7e, 1 x NVIDIA A100' }, 'a100', 1]])
  holds('scaleway', [
    [{ item: 'H100-2-80G' }, 'h100', 2],
    [{ item: 'L4-1-24G' }, 'l4', 1],
    [{ item: 'A10 Networks Thunder ADC' }, null],
  ])
})

test('every size of the catalogue is recognised by its own name, with its own number of GPUs', () => {
  const wrong = SIZES.filter(({ provider, name, gpuType, gpuCount }) => {
    const found = recognise({ ...NOTHING, provider, instanceType: name })
    return found?.gpuType !== gpuType || found.gpuCount !== gpuCount
  })
  expect(wrong).toEqual([])
})

test('whatever the words around a size and whatever a file claims, no more GPUs than the catalogue has', () => {
  const around = ['', 'On Demand Linux ', '16x ', 'GPU ', 'Spot 72 GPUs ', '8 x H100 and ']
  for (const { provider, name, gpuCount, gpuType } of SIZES.filter(({ provider }) => provider !== 'gcp'))
    for (const words of around)
      for (const claimed of ['', '{"GpuCount":1}', '{"GpuCount":"64"}']) {
        const found = recognise({
          ...NOTHING,
          provider,
          item: `${words}${name}`,
          instanceType: name,
          skuPriceDetails: claimed,
        })
        if (found?.by === 'catalogue') expect(found.gpuCount ?? 0).toBeLessThanOrEqual(gpuCount)
        else expect([provider, found?.gpuType]).toEqual(['oci', expect.any(String)])
        if (words === '') expect(found?.gpuType).toBe(gpuType)
      }
})

test('the same thing is asked about once, and what is remembered is bounded', () => {
  let asked = 0
  const count = remembering(() => ++asked)
  for (let round = 0; round < 3; round += 1) count({ ...NOTHING, item: 'a' })
  expect(asked).toBe(1)
  for (let row = 0; row < 50_000; row += 1) count({ ...NOTHING, item: `row ${row}` })
  expect(count({ ...NOTHING, item: 'a' })).toBe(50_002) // forgotten, and asked again
})

test('a line of 300,000 characters is read in no time', () => {
  const started = performance.now()
  for (const text of ['8x ', 'nvidia ', 'gpu_', '1g.', 'rtx ', 'a-1.', '((('])
    recognise({ ...NOTHING, provider: 'azure', item: text.repeat(100_000).slice(0, 300_000) })
  expect(performance.now() - started).toBeLessThan(5_000)
})
