import { expect, test } from 'vitest'
import { type Kind, readSourceForm, refusedAs } from './source-form.ts'

const field = (name: string, type: Kind['config'][number]['type']) => ({
  ...{ name, type, label: name, hint: '', choices: [], example: '', default: null, isRequired: false },
})
const KIND: Kind = {
  ...{ kind: 'https', label: 'Web', format: null },
  config: [field('url', 'text'), field('holdsOneDay', 'flag'), field('days', 'number'), field('pattern', 'text')],
  secrets: [field('headers', 'lines'), field('query', 'text'), field('token', 'text')],
}

test('what is empty is left out, so that defaults count and kept secrets stay; what is to be forgotten is null', () => {
  const form = new FormData()
  const typed = {
    name: ' bills ',
    'config.url': 'https://x',
    'config.days': '3',
    'config.pattern': '',
    provider: 'aws',
  }
  for (const [name, value] of Object.entries({
    ...typed,
    'secret.headers': 'A: b',
    'secret.token': '',
    'forget.query': 'on',
  }))
    form.set(name, value)
  expect(readSourceForm(form, KIND)).toEqual({
    ...{ kind: 'https', name: 'bills', format: 'auto', source: '', provider: 'aws', currency: '', timeZone: '' },
    ...{ config: { url: 'https://x', holdsOneDay: false, days: 3 }, secrets: { headers: 'A: b', query: null } },
    isEnabled: false,
  })
})

test('a kind with a format of its own is read as that, and fields are named as refusals name them', () => {
  const form = new FormData()
  form.set('format', 'cost-csv')
  form.set('isEnabled', 'on')
  expect(readSourceForm(form, { ...KIND, format: 'usage-csv' })).toMatchObject({ format: 'usage-csv', isEnabled: true })
  expect(refusedAs('config', 'sameMonth')).toBe('config -> same_month')
})
