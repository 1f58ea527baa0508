import type { Answers } from '../../api.ts'

export type Rule = Answers['gpuRules']['list']['rules'][number]
export type UnrecognisedLine = Answers['gpuRules']['unrecognised']['lines'][number]
/** A rule as a form has it: '' asks nothing, and as a type it is no GPU. */
export type RuleInput = Pick<
  Rule,
  'provider' | 'service' | 'sku' | 'instanceType' | 'itemContains' | 'gpuType' | 'gpuCount' | 'note'
>

/** Longest part of an item that a rule may ask for. */
const LONGEST_ITEM = 200

/**
 * A rule that means such a line: by its instance type where it has one, which says the same in every region and offer;
 * else by its service and what it is called.
 */
export function ruleOf({ provider, service, item, instanceType }: UnrecognisedLine): RuleInput {
  const what = instanceType === '' ? { service, itemContains: item.slice(0, LONGEST_ITEM) } : { instanceType }
  return { ...NO_RULE, provider, ...what }
}

export const NO_RULE: RuleInput = {
  ...{ provider: '', service: '', sku: '', instanceType: '', itemContains: '' },
  ...{ gpuType: '', gpuCount: null, note: '' },
}

/** A form as the question for the server, which checks it. */
export function readRuleForm(form: FormData): RuleInput {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const isGpu = text('meaning') !== 'none'
  return {
    provider: text('provider'),
    service: text('service'),
    sku: text('sku'),
    instanceType: text('instanceType'),
    itemContains: text('itemContains'),
    gpuType: isGpu ? text('gpuType') : '',
    gpuCount: isGpu && text('gpuCount') !== '' ? Number(text('gpuCount')) : null,
    note: text('note'),
  }
}

/** Whether the server can be asked what the rule would move. */
export function isWhole(rule: RuleInput, isGpu: boolean): boolean {
  const { provider, service, sku, instanceType, itemContains, gpuType, gpuCount } = rule
  const isCount = gpuCount === null || (Number.isInteger(gpuCount) && gpuCount >= 1 && gpuCount <= 1024)
  return provider + service + sku + instanceType + itemContains !== '' && (!isGpu || gpuType !== '') && isCount
}

/** The conditions of a rule in words: "aws, machine p9.large, “…node…”". */
export function conditionsOf({ provider, service, sku, instanceType, itemContains }: Rule): string {
  return [
    provider,
    service && `service ${service}`,
    sku && `SKU ${sku}`,
    instanceType && `machine ${instanceType}`,
    itemContains && `item with “${itemContains}”`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** "8 × h100", "h100, number not known", "no GPU". */
export function meaningOf({ gpuType, gpuCount }: Pick<Rule, 'gpuType' | 'gpuCount'>): string {
  if (gpuType === '') return 'No GPU'
  return gpuCount === null ? `${gpuType}, number not known` : `${gpuCount} × ${gpuType}`
}
