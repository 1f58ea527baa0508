import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fill } from './testing/fill.ts'
import { go } from './testing/on-page.ts'
import { type Heliox, openHeliox } from './testing/open-heliox.ts'
import { noteChanges, settled, watchRequests } from './testing/settle.ts'
import { failAnswers, holdAnswers } from './testing/trouble.ts'

const PAGES = [
  { name: 'Overview', path: '/', cards: 5 },
  { name: 'Utilisation', path: '/utilization', cards: 4 },
  { name: 'Tokens', path: '/tokens', cards: 5 },
]
/** Less than a pixel is how a browser rounds. */
const MOST_PX = 1

let heliox: Heliox
const doors = new Map<number, Promise<BrowserContext>>()

beforeAll(async () => {
  heliox = await openHeliox()
  await fill(heliox.stack)
  await heliox.stack.tick('minute') // some of what the first rules watch fires
})
afterAll(() => heliox?.close())

async function signedIn(width: number): Promise<BrowserContext> {
  const { page, context } = await heliox.visit({ width, path: '/audit' })
  await page.close()
  await context.addInitScript(noteChanges)
  return context
}

function door(width: number): Promise<BrowserContext> {
  const known = doors.get(width) ?? signedIn(width)
  doors.set(width, known)
  return known
}

type Box = { name: string; top: number; left: number; width: number; height: number }

/**
 * What a reader sees of cards, panels and headings above the fold: each by its title, cut at the lower edge of the window.
 */
function boxesAboveFold(page: Page): Promise<Box[]> {
  return page.evaluate(() => {
    const wanted = '.page-head, .freshness, .card, .card-note, .panel, .panel-head, .panel-body, .sums'
    return [...document.querySelectorAll<HTMLElement>('main :is(:scope, *)')]
      .filter((one) => one.matches(wanted) && one.checkVisibility({ visibilityProperty: true }))
      .map((one) => {
        const { top, left, width, bottom } = one.getBoundingClientRect()
        const title = one.closest('.card, .panel')?.querySelector('dt, h2')?.textContent ?? ''
        const name = [title.trim(), one.className.replace('is-loading', '').trim()].join(' ').trim()
        return { name, top, left, width, height: Math.min(bottom, innerHeight) - top }
      })
      .filter(({ top }) => top < innerHeight)
  })
}

/** A line for each box that stands elsewhere, or is of another size, than it was. */
function moved(before: readonly Box[], after: readonly Box[]): string[] {
  return before.flatMap((box) => {
    const now = after.find(({ name }) => name === box.name)
    if (!now) return [`${box.name} is gone`]
    const sides = ['top', 'left', 'width', 'height'] as const
    return sides
      .filter((side) => Math.abs(now[side] - box[side]) > MOST_PX)
      .map((side) => `${box.name}: ${side} ${box[side].toFixed(1)} → ${now[side].toFixed(1)}`)
  })
}

describe.each([1280, 375])('at %i px', (width) => {
  test.for(PAGES)('nothing above the fold of $name moves when its figures come', async ({ path, cards }) => {
    const page = await (await door(width)).newPage()
    const open = watchRequests(page)
    const { release } = await holdAnswers(page)
    await page.goto(path)
    await settled(page, open, false)
    expect(await page.locator('.card.is-loading').count()).toBe(cards)
    const before = await boxesAboveFold(page)
    await release()
    await settled(page, open)
    const after = await boxesAboveFold(page)
    expect(after.filter(({ name }) => name.endsWith(' card'))).toHaveLength(
      before.filter(({ name }) => name.endsWith(' card')).length,
    )
    expect(moved(before, after)).toEqual([])
    await page.close()
  })
})

test.for(PAGES)('figures of $name that could not be asked again stay, and say from when they are', async ({ name }) => {
  const page = await (await door(1280)).newPage()
  await page.goto('/audit')
  await go(page, name)
  await page.locator('.card:not(.is-loading) >> nth=0').waitFor()
  const figures = await page.locator('.card-value').allInnerTexts()
  expect(figures.some((figure) => /\d/.test(figure))).toBe(true)
  await failAnswers(page)
  await page.evaluate(() => window.dispatchEvent(new Event('focus'))) // the reader comes back to the window
  const note = page.getByRole('alert').filter({ hasText: /^Figures from \w{3} \d+, \d{4}, .+ did not answer/ })
  await note.waitFor()
  expect(await page.locator('.card-value').allInnerTexts()).toEqual(figures)
  await page
    .getByText(/^Not up to date: from \w{3} \d+, \d{4}/)
    .first()
    .waitFor()
  await page.unrouteAll()
  await note.getByRole('button', { name: 'Try again' }).click()
  await note.waitFor({ state: 'detached' })
  await page.close()
})
