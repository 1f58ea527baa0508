/** A million rows, made as they are sent: the same ones each time, and their exact sums. */

const START = Date.UTC(2026, 0, 1)

/** FOCUS's columns as a large cloud's export has them; about 500 bytes a row. */
const FOCUS_HEADER = [
  'AvailabilityZone,BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart',
  'ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart,CommitmentDiscountId',
  'ConsumedQuantity,ConsumedUnit,ContractedCost,ContractedUnitPrice,EffectiveCost,InvoiceIssuerName,ListCost,ListUnitPrice',
  'PricingCategory,PricingQuantity,PricingUnit,ProviderName,PublisherName,RegionId,RegionName,ResourceId,ResourceName',
  'ResourceType,ServiceCategory,ServiceName,SkuId,SkuPriceId,SubAccountId,SubAccountName,Tags',
].join(',')
const INSTANCES = ['p5.48xlarge', 'p4d.24xlarge', 'g5.xlarge', 'm5.large', 'c6i.4xlarge', 'r6i.2xlarge', 'g6e.12xlarge']
const REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-south-1']

/** Rows of a file in pieces of a thousand lines, and what they sum to once they have been taken: nano-dollars, GPU-seconds. */
export type MadeUpFile = { pieces: () => Iterable<string>; rows: number; sum: () => bigint }

/** One month of 40 accounts, hourly lines of seven instance types with three tags: about 110,000 entries. */
export function focusMillion(rows: number): MadeUpFile {
  const lineOf = (at: number, random: () => number) => {
    const day = Math.floor((at * 31) / rows)
    const [type, account, region] = [at % 7, Math.floor(random() * 40), REGIONS[at % 4]]
    const start = START + (day * 24 + (at % 24)) * 3_600_000
    const nano = BigInt(Math.floor(random() * 1e9)) * 100n
    const cost = `${nano / 1_000_000_000n}.${String(nano % 1_000_000_000n).padStart(9, '0')}`
    const tags = `"{""team"": ""team-${account % 12}"", ""env"": ""${account % 3 ? 'prod' : 'dev'}"", ""app"": ""app-${account % 30}""}"`
    const sku = `SKU${type}${at % 4}`
    const text = [
      `${region}a,${cost},100200300,Acme Corp,USD,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,Usage,`,
      `"$${type + 1}.10 per On Demand Linux ${INSTANCES[type]} Instance Hour, hourly",Usage-Based,${iso(start + 3_600_000)}`,
      `${iso(start)},,1,Hours,${cost},1.0,${cost},AWS,${cost},1.1,Standard,1,Hours,AWS,AWS,${region},${region}`,
      `arn:aws:ec2:${region}:${account}:instance/i-${(at % 20_000).toString(16)},web,Instance,Compute`,
      `Amazon Elastic Compute Cloud,${sku},${sku}.JRTCKXETXF,${200_000 + account},acct-${account},${tags}`,
    ].join(',')
    return { text, amount: nano }
  }
  return made(FOCUS_HEADER, rows, lineOf)
}

/** Jobs of a few hours over 90 days: 9 pools, 12 teams, 40 models. */
export function jobsMillion(rows: number): MadeUpFile {
  const header = 'job_id,team_name,model_name,provider,gpu_type,gpu_count,start_time,end_time,status'
  const lineOf = (at: number, random: () => number) => {
    const start = START + Math.floor(random() * 90 * 86_400) * 1000
    const seconds = Math.floor(random() * 10 * 3600)
    const gpus = 1 + (at % 8)
    const pool = `${['aws', 'gcp', 'azure'][at % 3]},${['a100', 'h100', 'l4'][Math.floor(at / 4) % 3]}`
    const text = `job-${String(at).padStart(7, '0')},team-${at % 12},model-${at % 40},${pool},${gpus},${iso(start)},${iso(start + seconds * 1000)},completed`
    return { text, amount: BigInt(gpus * seconds) }
  }
  return made(header, rows, lineOf)
}

/** A file of `rows` lines below its header; `amount` of a line goes into the sum. */
export function made(
  header: string,
  rows: number,
  lineOf: (at: number, random: () => number) => { text: string; amount: bigint },
): MadeUpFile {
  let sum: bigint | null = null
  function* pieces() {
    let state = 1
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
      return state / 2_147_483_648
    }
    let total = 0n
    let lines = [header]
    for (let at = 0; at < rows; at += 1) {
      const { text, amount } = lineOf(at, random)
      total += amount
      if (lines.push(text) < 1_000) continue
      yield `${lines.join('\n')}\n`
      lines = []
    }
    if (lines.length > 0) yield `${lines.join('\n')}\n`
    sum = total
  }
  const sumOf = () => {
    if (sum === null) for (const _ of pieces());
    return sum ?? 0n
  }
  return { pieces, rows, sum: sumOf }
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
