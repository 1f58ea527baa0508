import type { Sheet } from './sheet.ts'

/** On demand, Linux. Sizes and GPUs: the accelerated-computing pages of the provider's instance-type guide. */
export const AWS: Sheet = {
  provider: 'aws',
  isNamed: (provider) => /amazon|aws/.test(provider),
  region: 'us-east-1',
  source:
    'AWS price list of us-east-1, as aws/karpenter-provider-aws republishes it (pkg/providers/pricing/zz_generated.pricing_aws.go)',
  asOf: '2026-01-19',
  sizes: `
# grid-k520 4
g2.2xlarge 1 0.65
g2.8xlarge 4 2.6
# m60 8
g3s.xlarge 1 0.75
g3.4xlarge 1 1.14
g3.8xlarge 2 2.28
g3.16xlarge 4 4.56
# radeon-pro-v520 8
g4ad.xlarge 1 0.37853
g4ad.2xlarge 1 0.54117
g4ad.4xlarge 1 0.867
g4ad.8xlarge 2 1.734
g4ad.16xlarge 4 3.468
# t4 16
g4dn.xlarge 1 0.526
g4dn.2xlarge 1 0.752
g4dn.4xlarge 1 1.204
g4dn.8xlarge 1 2.176
g4dn.12xlarge 4 3.912
g4dn.16xlarge 1 4.352
g4dn.metal 8 7.824
# a10g 24
g5.xlarge 1 1.006
g5.2xlarge 1 1.212
g5.4xlarge 1 1.624
g5.8xlarge 1 2.448
g5.12xlarge 4 5.672
g5.16xlarge 1 4.096
g5.24xlarge 4 8.144
g5.48xlarge 8 16.288
# t4g 16
g5g.xlarge 1 0.42
g5g.2xlarge 1 0.556
g5g.4xlarge 1 0.828
g5g.8xlarge 1 1.372
g5g.16xlarge 2 2.744
g5g.metal 2 2.744
# l4 24
g6.xlarge 1 0.8048
g6.2xlarge 1 0.9776
g6.4xlarge 1 1.3232
g6.8xlarge 1 2.0144
g6.12xlarge 4 4.6016
g6.16xlarge 1 3.3968
g6.24xlarge 4 6.6752
g6.48xlarge 8 13.3504
gr6.4xlarge 1 1.5392
gr6.8xlarge 1 2.4464
g6f.large 1/8 0.202
g6f.xlarge 1/8 0.2375
g6f.2xlarge 1/4 0.475
g6f.4xlarge 1/2 0.95
gr6f.4xlarge 1/2 1.066
# l40s 48
g6e.xlarge 1 1.861
g6e.2xlarge 1 2.24208
g6e.4xlarge 1 3.00424
g6e.8xlarge 1 4.52856
g6e.12xlarge 4 10.49264
g6e.16xlarge 1 7.57719
g6e.24xlarge 4 15.06559
g6e.48xlarge 8 30.13118
# rtx-pro-6000 96
g7e.2xlarge 1 -
g7e.4xlarge 1 -
g7e.8xlarge 1 -
g7e.12xlarge 2 -
g7e.24xlarge 4 -
g7e.48xlarge 8 -
# k80 12
p2.xlarge 1 0.9
p2.8xlarge 8 7.2
p2.16xlarge 16 14.4
# v100 16
p3.2xlarge 1 3.06
p3.8xlarge 4 12.24
p3.16xlarge 8 24.48
# v100 32
p3dn.24xlarge 8 31.212
# a100 40
p4d.24xlarge 8 21.957642
# a100 80
p4de.24xlarge 8 27.44705
# h100 80
p5.4xlarge 1 6.88
p5.48xlarge 8 55.04
# h200 141
p5e.48xlarge 8 -
p5en.48xlarge 8 63.296
# b200 179
p6-b200.48xlarge 8 113.9328
# b300 268
p6-b300.48xlarge 8 -
# gb200 185
p6e-gb200.36xlarge 4 -
# gaudi 32
dl1.24xlarge 8 13.10904
# inferentia 8
inf1.xlarge 1 0.228
inf1.2xlarge 1 0.362
inf1.6xlarge 4 1.18
inf1.24xlarge 16 4.721
# inferentia2 32
inf2.xlarge 1 0.7582
inf2.8xlarge 1 1.96786
inf2.24xlarge 6 6.49063
inf2.48xlarge 12 12.98127
# trainium 32
trn1.2xlarge 1 1.34375
trn1.32xlarge 16 21.5
trn1n.32xlarge 16 24.78
# trainium2 96
trn2.3xlarge 1 -
trn2.48xlarge 16 -
trn2u.48xlarge 16 -
`,
}
