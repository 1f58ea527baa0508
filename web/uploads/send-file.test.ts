import { expect, test } from 'vitest'
import { queryOf } from './send-file.ts'

test('an upload says its format, whether it is a dry run, and the name of its file', () => {
  const query = queryOf('a b&c.csv', { format: 'auto', source: ' ', isDryRun: true })
  expect(query).toBe('format=auto&dry_run=true&file_name=a+b%26c.csv')
  expect(queryOf('x', { format: 'focus-csv', source: ' aws ', isDryRun: false })).toContain('&source=aws')
})
