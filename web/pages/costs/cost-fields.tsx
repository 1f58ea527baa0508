import type { Answers } from '../../api.ts'
import { TextField } from '../../components/text-field.tsx'
import { changedTexts, type Texts, textsIn } from '../../forms/changed-fields.ts'
import type { Form } from '../../forms/create-form.ts'

export type CostNow = Answers['costs']['get']

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const COST_FIELDS = [
  ...['date', 'provider', 'gpu_type', 'cost_usd', 'effective_cost_usd', 'gpu_hours', 'source', 'billing_account'],
  ...['account', 'region', 'sku', 'charge_category', 'pricing_category'],
]

const NAMES = [
  ...(['date', 'provider', 'gpuType', 'costUsd', 'effectiveCostUsd', 'gpuHours', 'source', 'billingAccount'] as const),
  ...(['account', 'region', 'sku', 'chargeCategory', 'pricingCategory'] as const),
] as const
type Name = (typeof NAMES)[number]

/** What one entry says, as its fields show it. */
function textsOf(cost: CostNow): Texts<Name> {
  const { date, provider, gpuType, costUsd, effectiveCostUsd, capacityGpuHours, source, billingAccount } = cost
  const { account, region, sku, chargeCategory, pricingCategory } = cost
  return {
    ...{ date, provider, gpuType, costUsd, source, billingAccount, account, region, sku, chargeCategory },
    // The same as invoiced is what an empty field means.
    effectiveCostUsd: effectiveCostUsd === costUsd ? '' : effectiveCostUsd,
    ...{ gpuHours: capacityGpuHours ?? '', pricingCategory },
  }
}

/** Everything that is said of an entry by hand. */
export function CostFields(props: { of?: CostNow; problem: Form['problem'] }) {
  const texts = props.of && textsOf(props.of)
  const field = (name: Name, problem: string = name) => ({
    ...{ name, value: texts?.[name] ?? '', autocomplete: 'off' },
    problem: props.problem(problem),
  })
  return (
    <div class="field-row">
      <TextField label="Day (UTC)" type="date" required {...field('date')} />
      <TextField label="Provider" required maxlength={100} placeholder="e.g. aws" {...field('provider')} />
      <TextField label="GPU type" maxlength={100} placeholder="e.g. h100" {...field('gpuType', 'gpu_type')} />
      <TextField
        label="Invoiced, USD"
        required
        inputmode="decimal"
        placeholder="e.g. 1234.56"
        {...field('costUsd', 'cost_usd')}
      />
      <TextField
        label="Amortised, USD (optional)"
        inputmode="decimal"
        hint="Empty: the same as invoiced."
        {...field('effectiveCostUsd', 'effective_cost_usd')}
      />
      <TextField
        label="GPU-hours bought (optional)"
        inputmode="decimal"
        hint="Empty: not known."
        {...field('gpuHours', 'gpu_hours')}
      />
      <TextField label="Billing account" maxlength={300} {...field('billingAccount', 'billing_account')} />
      <TextField label="Account" maxlength={300} {...field('account')} />
      <TextField label="Region" maxlength={300} {...field('region')} />
      <TextField label="SKU" maxlength={300} {...field('sku')} />
      <TextField label="Charge category" maxlength={300} {...field('chargeCategory', 'charge_category')} />
      <TextField label="Pricing category" maxlength={300} {...field('pricingCategory', 'pricing_category')} />
      <TextField label="Source (optional)" maxlength={100} placeholder="e.g. invoice" {...field('source')} />
    </div>
  )
}

/** A new entry as the fields say it. */
export function newCostIn(form: FormData) {
  const { date = '', provider = '', gpuType = '', costUsd = '', ...more } = changedTexts(textsIn(form, NAMES), null)
  return { ...(date ? { date } : {}), provider, gpuType, costUsd, ...more }
}

/** What the fields say otherwise than the entry does; an amount or hours that were emptied are null. */
export function costChangeIn(form: FormData, before: CostNow) {
  const { effectiveCostUsd, gpuHours, ...texts } = changedTexts(textsIn(form, NAMES), textsOf(before))
  return {
    ...texts,
    ...(effectiveCostUsd === undefined ? {} : { effectiveCostUsd: effectiveCostUsd || null }),
    ...(gpuHours === undefined ? {} : { gpuHours: gpuHours || null }),
  }
}
