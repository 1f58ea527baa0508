import { expect, test } from 'vitest'
import { tooltipHtml } from './tooltip.ts'

test('a name from a file cannot become markup', () => {
  const html = tooltipHtml('<b>', [{ label: '<img src=x onerror=alert(1)>', value: '"&\'' }])
  expect(html).not.toContain('<img')
  expect(html).toContain('&#60;img src=x onerror=alert(1)&#62;')
  expect(html).toContain('&#34;&#38;&#39;')
})
