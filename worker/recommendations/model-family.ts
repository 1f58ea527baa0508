/** Words that tell the sizes of one family from each other. */
const SIZES = /^(mini|nano|micro|pro|lite|flash|opus|sonnet|haiku|small|medium|large|tiny|turbo|air|max)$/

/**
 * The family of a model by its name: the name without its date and the words that say its size, so that "gpt-4o-mini" is of
 * the family of "gpt-4o" and "claude-haiku-4-5" of that of "claude-opus-4-5". Null where the name says no size and none is
 * left to compare: nobody knows what it belongs to.
 */
export function familyOf(model: string): string | null {
  const words = model
    .toLowerCase()
    .replace(/-?\d{4}-?\d{2}-?\d{2}$|-latest$|-preview$/, '')
    .split('-')
    .filter((word) => !SIZES.test(word))
  return words.length === 0 || words.join('') === '' ? null : words.join('-')
}
