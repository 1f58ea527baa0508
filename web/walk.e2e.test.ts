import { mkdirSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { PLACES } from './shell/places.ts'
import { faultsOf } from './testing/axe.ts'
import { type Filled, fill } from './testing/fill.ts'
import { overflowOf } from './testing/on-page.ts'
import { type Heliox, openHeliox, watchErrors } from './testing/open-heliox.ts'
import { LOADING, noteChanges, settled, watchRequests } from './testing/settle.ts'
import { failAnswers, holdAnswers } from './testing/trouble.ts'

const SHOTS = 'dist/screenshots/walk'
const WIDTHS = [1280, 375] as const
const STATES = ['data', 'empty', 'error', 'slow'] as const
type State = (typeof STATES)[number]

/** A stop of the walk. `path` of what the installation holds, or of nothing that it holds. */
type Stop = {
  name: string
  path: (filled: Filled | null) => string
  isStranger?: true
  /** Shows its content without any answer, so that a failed one takes nothing from the reader. */
  needsNothing?: true
}

const STOPS: Stop[] = [
  ...PLACES.map(({ name, href }) => ({ name, path: () => href })),
  { name: 'Job', path: (filled) => `/jobs/${filled?.jobId ?? 'job_1'}` },
  { name: 'Import', path: (filled) => `/imports/${filled?.importId ?? 'imp_1'}` },
  { name: 'Statement', path: (filled) => `/statements?month=${filled ? '2024-10' : '2026-01'}` },
  { name: 'Figure of a team', path: (filled) => `/explain?team_id=${filled?.teamId ?? 'team_1'}` },
  { name: 'Not found', path: () => '/nowhere' },
  { name: 'Sign in', path: () => '/sign-in', isStranger: true, needsNothing: true },
  { name: 'Join', path: (filled) => filled?.joinPath ?? '/join#nothing', isStranger: true },
]

/** Answers that a browser writes down as an error though they are what was asked for: what is not there is a 404. */
const EXPECTED: Record<State, number[]> = { data: [], slow: [], empty: [404], error: [500] }

let company: Heliox
let fresh: Heliox
let filled: Filled
const doors = new Map<string, Promise<BrowserContext>>()

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true })
  ;[company, fresh] = await Promise.all([openHeliox(), openHeliox()])
  filled = await fill(company.stack)
})
afterAll(async () => {
  await Promise.all([company?.close(), fresh?.close()])
})

/** A browser of that width, signed in once per installation; strangers come in one of their own. */
function door(heliox: Heliox, width: number, isStranger: boolean): Promise<BrowserContext> {
  const key = `${heliox === fresh} ${width} ${isStranger}`
  const open = async () => {
    const { page, context } = await heliox.visit({ width, isSignedIn: !isStranger, path: '/not-found' })
    await page.close()
    await context.addInitScript(noteChanges)
    return context
  }
  const known = doors.get(key) ?? open()
  doors.set(key, known)
  return known
}

/** What is wrong with the page as it stands, in both themes, a line each; keeps a picture of each. */
async function look(page: Page, shot: string, settle: () => Promise<void>): Promise<string[]> {
  const problems: string[] = []
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await settle()
    await page.screenshot({ path: `${SHOTS}/${shot}-${theme}.jpg`, type: 'jpeg', quality: 70, fullPage: true })
    const overflow = await overflowOf(page)
    if (overflow > 0) problems.push(`${theme}: scrolls ${overflow} px sideways`)
    for (const fault of await faultsOf(page, theme === 'dark')) problems.push(`${theme}: ${fault}`)
  }
  return problems
}

async function walk(stop: Stop, width: number, state: State): Promise<string[]> {
  const heliox = state === 'empty' ? fresh : company
  const context = await door(heliox, width, stop.isStranger ?? false)
  const page = await context.newPage()
  try {
    const open = watchRequests(page)
    const errors = watchErrors(page, EXPECTED[state])
    const failed = state === 'error' ? await failAnswers(page) : null
    const hold = state === 'slow' ? await holdAnswers(page) : null
    await page.goto(stop.path(state === 'empty' ? null : filled))
    const shot = `${stop.name.toLowerCase().replaceAll(' ', '-')}-${state}-${width}`
    const problems = await look(page, shot, () => settled(page, open, hold === null))
    const alerts = page.locator('main [role="alert"]').filter({ hasText: /\S/ })
    if (hold) {
      const isSaid = (await page.locator(LOADING).count()) > 0
      if (hold.held.size > 0 && !isSaid) problems.push(`does not say that it waits for ${[...hold.held].join(', ')}`)
      await hold.release()
      await settled(page, open)
    }
    if (failed && failed.size > 0 && !stop.needsNothing && (await alerts.count()) === 0)
      problems.push(`does not say that these failed: ${[...failed].join(', ')}`)
    if (state === 'data' && (await alerts.count()) > 0) problems.push(`says: ${await alerts.first().innerText()}`)
    if ((await page.locator('h1').count()) !== 1) problems.push('has not exactly one first heading')
    if (!(await page.title()).endsWith('· Heliox')) problems.push(`is titled ${await page.title()}`)
    return [...problems, ...errors]
  } finally {
    await page.close()
  }
}

describe.each(STATES)('%s', (state) => {
  describe.each(WIDTHS)('at %i px', (width) => {
    test.concurrent.for(STOPS)('$name has no fault in either theme', async (stop, { expect }) => {
      expect(await walk(stop, width, state)).toEqual([])
    })
  })
})
