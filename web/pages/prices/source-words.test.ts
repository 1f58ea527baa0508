import { expect, test } from 'vitest'
import { sourceInShort } from './source-words.ts'

test('a source is who says so, and that there is more of it', () => {
  expect(sourceInShort('Catalogue: Anthropic list prices, as a copy republishes it')).toBe(
    'Catalogue: Anthropic list prices …',
  )
  expect(sourceInShort('Our contract')).toBe('Our contract')
})
