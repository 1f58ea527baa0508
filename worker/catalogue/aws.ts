import type { Sheet } from './sheet.ts'

/** On demand, Linux. Sizes and GPUs: the accelerated-computing pages of the provider's instance-type guide. */
export const AWS: Sheet = {
  provider: 'aws',
  isNamed: (provider) => /amazon|aws/.test(provider),
  region: 'us-east-1',
  source:
    'AWS price list of us-east-1, as aws/karpenter-provider-aws republishes it (pkg/providers/pricing/zz_generated.pricing_aws.go)',
  asOf: '2026-01-19',
  specs: {
    source:
      'AWS, specifications of accelerated computing instances (docs.aws.amazon.com/ec2/latest/instancetypes/ac.html), checked where openshift/openshift-docs, aws/sagemaker-hyperpod-cli or the AWS Batch user guide have the size',
    asOf: '2026-11-21',
  },
  sizes: `
# grid-k520 4
g2.2xlarge 1 0.65 8 15
g2.8xlarge 4 2.6 32 60
# m60 8
g3s.xlarge 1 0.75 4 30.5
g3.4xlarge 1 1.14 16 122
g3.8xlarge 2 2.28 32 244
g3.16xlarge 4 4.56 64 488
# radeon-pro-v520 8
g4ad.xlarge 1 0.37853 4 16
g4ad.2xlarge 1 0.54117 8 32
g4ad.4xlarge 1 0.867 16 64
g4ad.8xlarge 2 1.734 32 128
g4ad.16xlarge 4 3.468 64 256
# t4 16
g4dn.xlarge 1 0.526 4 16
g4dn.2xlarge 1 0.752 8 32
g4dn.4xlarge 1 1.204 16 64
g4dn.8xlarge 1 2.176 32 128
g4dn.12xlarge 4 3.912 48 192
g4dn.16xlarge 1 4.352 64 256
g4dn.metal 8 7.824 96 384
# a10g 24
g5.xlarge 1 1.006 4 16
g5.2xlarge 1 1.212 8 32
g5.4xlarge 1 1.624 16 64
g5.8xlarge 1 2.448 32 128
g5.12xlarge 4 5.672 48 192
g5.16xlarge 1 4.096 64 256
g5.24xlarge 4 8.144 96 384
g5.48xlarge 8 16.288 192 768
# t4g 16
g5g.xlarge 1 0.42 4 8
g5g.2xlarge 1 0.556 8 16
g5g.4xlarge 1 0.828 16 32
g5g.8xlarge 1 1.372 32 64
g5g.16xlarge 2 2.744 64 128
g5g.metal 2 2.744 64 128
# l4 24
g6.xlarge 1 0.8048 4 16
g6.2xlarge 1 0.9776 8 32
g6.4xlarge 1 1.3232 16 64
g6.8xlarge 1 2.0144 32 128
g6.12xlarge 4 4.6016 48 192
g6.16xlarge 1 3.3968 64 256
g6.24xlarge 4 6.6752 96 384
g6.48xlarge 8 13.3504 192 768
gr6.4xlarge 1 1.5392 16 128
gr6.8xlarge 1 2.4464 32 256
g6f.large 1/8 0.202 2 8
g6f.xlarge 1/8 0.2375 4 16
g6f.2xlarge 1/4 0.475 8 32
g6f.4xlarge 1/2 0.95 16 64
gr6f.4xlarge 1/2 1.066 16 128
# l40s 48
g6e.xlarge 1 1.861 4 32
g6e.2xlarge 1 2.24208 8 64
g6e.4xlarge 1 3.00424 16 128
g6e.8xlarge 1 4.52856 32 256
g6e.12xlarge 4 10.49264 48 384
g6e.16xlarge 1 7.57719 64 512
g6e.24xlarge 4 15.06559 96 768
g6e.48xlarge 8 30.13118 192 1536
# rtx-pro-6000 96
g7e.2xlarge 1 -
g7e.4xlarge 1 -
g7e.8xlarge 1 -
g7e.12xlarge 2 -
g7e.24xlarge 4 -
g7e.48xlarge 8 -
# k80 12
p2.xlarge 1 0.9 4 61
p2.8xlarge 8 7.2 32 488
p2.16xlarge 16 14.4 64 732
# v100 16
p3.2xlarge 1 3.06 8 61
p3.8xlarge 4 12.24 32 244
p3.16xlarge 8 24.48 64 488
# v100 32
p3dn.24xlarge 8 31.212 96 768
# a100 40
p4d.24xlarge 8 21.957642 96 1152
# a100 80
p4de.24xlarge 8 27.44705 96 1152
# h100 80
p5.4xlarge 1 6.88 16 256
p5.48xlarge 8 55.04 192 2048
# h200 141
p5e.48xlarge 8 - 192 2048
p5en.48xlarge 8 63.296 192 2048
# b200 179
p6-b200.48xlarge 8 113.9328 192 2048
# b300 268
p6-b300.48xlarge 8 - 192 4096
# gb200 185
p6e-gb200.36xlarge 4 - 144 960
# gaudi 32
dl1.24xlarge 8 13.10904 96 768
# inferentia 8
inf1.xlarge 1 0.228 4 8
inf1.2xlarge 1 0.362 8 16
inf1.6xlarge 4 1.18 24 48
inf1.24xlarge 16 4.721 96 192
# inferentia2 32
inf2.xlarge 1 0.7582 4 16
inf2.8xlarge 1 1.96786 32 128
inf2.24xlarge 6 6.49063 96 384
inf2.48xlarge 12 12.98127 192 768
# trainium 32
trn1.2xlarge 1 1.34375 8 32
trn1.32xlarge 16 21.5 128 512
trn1n.32xlarge 16 24.78 128 512
# trainium2 96
trn2.3xlarge 1 -
trn2.48xlarge 16 - 192 2048
trn2u.48xlarge 16 - 192 2048
`,
}
