import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { PLACES } from './shell/places.ts'
import { fill } from './testing/fill.ts'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { noteChanges, settled, watchRequests } from './testing/settle.ts'

/** Of a page with hundreds of stops the first ones are walked. */
const MOST_STOPS = 60

let heliox: Heliox
let context: BrowserContext
beforeAll(async () => {
  heliox = await openHeliox()
  await fill(heliox.stack)
  const visit = await heliox.visit()
  context = visit.context
  await visit.page.close()
  await context.addInitScript(noteChanges)
})
afterAll(() => heliox?.close())

/** Where the focus is, and whether it can be seen there: an outline or a shadow, on it or on what holds it. */
function focused(): { name: string; isSeen: boolean; isEnd: boolean } {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body) return { name: 'body', isSeen: true, isEnd: true }
  const isMarked = (one: Element | null | undefined) => {
    if (!one) return false
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one)
    return (
      (outlineStyle !== 'none' && outlineWidth !== '0px') || (boxShadow !== 'none' && one.matches(':focus-visible'))
    )
  }
  const isSeen = [at, at.closest('label'), at.parentElement, at.nextElementSibling].some(isMarked)
  const seen = at.dataset.walked
  at.dataset.walked = 'yes'
  return { name: at.outerHTML.slice(0, 120), isSeen, isEnd: seen === 'yes' }
}

async function keyboardFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab')
    const { name, isSeen, isEnd } = await page.evaluate(focused)
    if (isEnd) {
      if (stop < 5) faults.push(`after ${stop} stops the focus is caught at ${name}`)
      return faults
    }
    if (!isSeen) faults.push(`the focus cannot be seen on ${name}`)
  }
  return faults
}

test.concurrent.for(PLACES)(
  '$name is reached by keyboard, stays whole when enlarged and still when asked',
  async ({ href }, { expect }) => {
    const page = await context.newPage()
    const open = watchRequests(page)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(href)
    await settled(page, open)
    const faults = await keyboardFaults(page)
    // 1280 at 200 % and at 400 %.
    for (const width of [640, 320]) {
      await page.setViewportSize({ width, height: 640 })
      await settled(page, open)
      // A chart is drawn anew a moment after its box has changed.
      await expect.poll(() => overflowOf(page), { timeout: 5_000, message: `sideways at ${width} px` }).toBe(0)
    }
    const moving = await page.evaluate(
      () =>
        document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration ?? 0) > 1).length,
    )
    if (moving > 0) faults.push(`${moving} animations run though less motion is asked for`)
    await page.close()
    expect(faults).toEqual([])
  },
)
