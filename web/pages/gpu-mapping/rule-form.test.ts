import { expect, test } from 'vitest'
import {
  conditionsOf,
  isWhole,
  meaningOf,
  NO_RULE,
  type Rule,
  readRuleForm,
  ruleOf,
  type UnrecognisedLine,
} from './rule-form.ts'

const LINE = { provider: 'acme', service: 'Machines', sku: 'S1', item: 'Node XL', instanceType: '' } as UnrecognisedLine

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

test('a rule is proposed by the machine where the line names one, else by service and item', () => {
  expect(ruleOf({ ...LINE, instanceType: 'n9.xl' })).toEqual({ ...NO_RULE, provider: 'acme', instanceType: 'n9.xl' })
  expect(ruleOf(LINE)).toEqual({ ...NO_RULE, provider: 'acme', service: 'Machines', itemContains: 'Node XL' })
  expect(ruleOf({ ...LINE, item: 'x'.repeat(300) }).itemContains).toHaveLength(200)
})

test('what is called no GPU has no type and no number, whatever stands in the fields', () => {
  const fields = { provider: ' acme ', gpuType: 'h100', gpuCount: '8' }
  expect(readRuleForm(formOf(fields))).toEqual({ ...NO_RULE, provider: 'acme', gpuType: 'h100', gpuCount: 8 })
  expect(readRuleForm(formOf({ ...fields, meaning: 'none' }))).toEqual({ ...NO_RULE, provider: 'acme' })
  expect(readRuleForm(formOf({ ...fields, gpuCount: '' })).gpuCount).toBeNull()
})

test('nothing is asked before there is a condition, and a type for what is a GPU', () => {
  expect(isWhole(NO_RULE, false)).toBe(false)
  expect(isWhole({ ...NO_RULE, sku: 'x' }, false)).toBe(true)
  expect(isWhole({ ...NO_RULE, sku: 'x' }, true)).toBe(false)
  expect(isWhole({ ...NO_RULE, sku: 'x', gpuType: 'l4' }, true)).toBe(true)
  expect([0, 1.5, 1025].map((gpuCount) => isWhole({ ...NO_RULE, sku: 'x', gpuType: 'l4', gpuCount }, true))).toEqual([
    ...[false, false, false],
  ])
})

test('a rule in words', () => {
  const rule = { ...NO_RULE, provider: 'acme', itemContains: 'node', gpuType: 'h100', gpuCount: 8 } as unknown as Rule
  expect([conditionsOf(rule), meaningOf(rule)]).toEqual(['acme, item with “node”', '8 × h100'])
  expect(meaningOf({ gpuType: '', gpuCount: null })).toBe('No GPU')
  expect(meaningOf({ gpuType: 'l4', gpuCount: null })).toBe('l4, number not known')
})
