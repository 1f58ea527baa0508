import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** WCAG 2.2 AA with all that it builds on, and what axe knows of headings and landmarks. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']
/** What a theme can break; the other rules say the same in both. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** Until nothing fades in any more: a half transparent box has half its contrast. What moves for ever is not waited for. */
async function standsStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const isEnding = (one: Animation) => Number(one.effect?.getComputedTiming().endTime) < Number.POSITIVE_INFINITY
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(isEnding)
        .map(({ finished }) => finished),
    )
  })
}

/** Faults that axe finds, a line each: rule, where, and what is wrong. `isOfColour`: only what the theme decides. */
export async function faultsOf(page: Page, isOfColour: boolean): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis)
  if (!isThere) await page.evaluate(axe.source)
  await standsStill(page)
  const runOnly = isOfColour ? { type: 'rule' as const, values: COLOUR_RULES } : { type: 'tag' as const, values: TAGS }
  const { violations } = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    { runOnly, resultTypes: ['violations' as const] },
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary, html }) => {
      const why = (failureSummary ?? '').split('\n').slice(1, 2).join('').trim()
      return `${id}: ${target.join(' ')} ${html.slice(0, 120)} (${why})`
    }),
  )
}
