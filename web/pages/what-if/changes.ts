import type { SearchParams } from '@solidjs/router'

/** The changes under the names that procedures use, and those that addresses and the REST interface use. */
const NAMES = {
  ...{ gpuPrice: 'gpu_price', gpuPercent: 'gpu_percent', moveTo: 'move_to', utilization: 'utilization' },
  ...{ commit: 'commit', tokenPrice: 'token_price', tokenPercent: 'token_percent', swapModel: 'swap_model' },
  buyModel: 'buy_model',
} as const
export type ChangeName = keyof typeof NAMES
export const CHANGE_NAMES = Object.keys(NAMES) as ChangeName[]
export type Changes = Record<ChangeName, string[]>

/** The changes of an address. */
export function readChanges(params: SearchParams): Changes {
  const of = (name: ChangeName) => [params[NAMES[name]] ?? []].flat()
  return Object.fromEntries(CHANGE_NAMES.map((name) => [name, of(name)])) as Changes
}

/** The parameters of changes; null removes one. */
export function writeChanges(changes: Changes): Record<string, string[] | null> {
  return Object.fromEntries(CHANGE_NAMES.map((name) => [NAMES[name], changes[name].length > 0 ? changes[name] : null]))
}

/** What can be changed, and what is typed for it. `of` what: pools or models; the company's for who sees it. */
export const KINDS: Record<
  ChangeName,
  { label: string; of: 'pool' | 'model'; value: string | null; hint: string; isCompanys?: true }
> = {
  gpuPercent: { label: 'Price of a GPU-hour, ± percent', of: 'pool', value: 'Percent', hint: '-10' },
  gpuPrice: { label: 'Price of a GPU-hour, in dollars', of: 'pool', value: 'US dollars', hint: '2.10' },
  moveTo: { label: 'Another provider’s list price', of: 'pool', value: 'Provider', hint: 'lambda' },
  commit: { label: 'A commitment', of: 'pool', value: 'GPUs@discount in percent', hint: '4@25', isCompanys: true },
  utilization: { label: 'Utilisation', of: 'pool', value: 'Percent held', hint: '80', isCompanys: true },
  tokenPercent: { label: 'Price of tokens, ± percent', of: 'model', value: 'Percent', hint: '-20' },
  tokenPrice: { label: 'Price of a million tokens', of: 'model', value: 'Input,output', hint: '2,8' },
  swapModel: { label: 'Another model', of: 'model', value: 'Model', hint: 'gpt-4o-mini' },
  buyModel: { label: 'Buy instead of serving', of: 'model', value: null, hint: '', isCompanys: true },
}

/** A change in a sentence. */
export function wordsOf(name: ChangeName, text: string): string {
  const at = text.lastIndexOf('=')
  const [thing, value] =
    at === -1 ? [text, ''] : [text.slice(0, at).replace('*/*', 'every pool').replace('/', ' '), text.slice(at + 1)]
  const sentences: Record<ChangeName, string> = {
    ...{ gpuPrice: `${thing} at $${value} a GPU-hour`, gpuPercent: `${thing} ${signed(value)} % a GPU-hour` },
    ...{ moveTo: `${thing} at the list price of ${value}`, utilization: `${thing} held for ${value} %` },
    commit: `${thing}: ${value.replace('@', ' GPUs committed at ')} % off`,
    ...{
      tokenPrice: `${thing} at $${value.replace(',', ' in and $')} out a million`,
      tokenPercent: `${thing} ${signed(value)} % a token`,
    },
    ...{ swapModel: `${value} instead of ${thing}`, buyModel: `Buy ${text} instead of serving it` },
  }
  return sentences[name]
}

function signed(value: string): string {
  return value.startsWith('-') ? value : `+${value}`
}
