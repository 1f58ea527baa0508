/** "Catalogue: Anthropic list prices …": who says so, without where that was copied from. */
export function sourceInShort(source: string): string {
  const [first = ''] = source.split(', ')
  return first === source ? source : `${first} …`
}
