import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Stack, startStack } from '../../worker/local/stack.ts'
import { launchBrowser } from './browser.ts'
import type { Person } from './person.ts'

const SHOTS = 'dist/screenshots'

/** A running Heliox with an empty database, and a browser in front of it. */
export type Heliox = {
  stack: Stack
  /** A new visitor: own cookies, own storage. */
  visit(options?: VisitOptions): Promise<Visit>
  /** Puts the database into a state that a test could only wait for. */
  run(sql: string): Promise<void>
  close(): Promise<void>
}
export type VisitOptions = { width?: number; isDark?: boolean; path?: string; isSignedIn?: boolean; as?: Person }

export type Visit = {
  page: Page
  context: BrowserContext
  /** What went wrong in the page: exceptions, console errors, refused content. Answers of 400 and 401 are expected. */
  errors: string[]
  signIn(): Promise<void>
  shot(name: string): Promise<void>
}

/** `vars` are settings over those of a local run. */
export async function openHeliox(vars: Record<string, string> = {}): Promise<Heliox> {
  const dataDir = mkdtempSync(join(tmpdir(), 'heliox-e2e-'))
  mkdirSync(SHOTS, { recursive: true })
  const stack = await startStack({ dataDir, synchronous: 'NORMAL', isQuiet: true, vars })
  const browser = await launchBrowser()
  return {
    stack,
    visit: (options = {}) => visit(browser, stack, options),
    run: async (sql) => {
      const client = createClient({ url: stack.databaseUrl, authToken: stack.databaseAuthToken })
      await client.execute(sql)
      client.close()
    },
    close: async () => {
      await browser.close()
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

async function visit(browser: Browser, stack: Stack, options: VisitOptions): Promise<Visit> {
  const { width = 1280, isDark = false, path = '/', isSignedIn = true } = options
  const context = await browser.newContext({
    baseURL: stack.url.href,
    viewport: { width, height: width < 500 ? 812 : 900 },
    hasTouch: width < 500,
    colorScheme: isDark ? 'dark' : 'light',
    acceptDownloads: true,
  })
  const page = await context.newPage()
  const errors = watchErrors(page)
  const signIn = async () => {
    await page.getByLabel('E-mail').fill(options.as?.email ?? stack.adminEmail)
    await page.getByLabel('Password').fill(options.as?.password ?? stack.adminPassword)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await page.goto(path)
  if (isSignedIn) {
    await signIn()
    await page.getByRole('button', { name: /^Account of/ }).waitFor()
  }
  const shot = async (name: string) => {
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true })
  }
  return { page, context, errors, signIn, shot }
}

/** What went wrong in the page; answers of these statuses are expected. */
export function watchErrors(page: Page, expected: readonly number[] = [400, 401]): string[] {
  const known = new RegExp(`status of (${expected.join('|')})`)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    const text = message.text()
    if (message.type() === 'error' && !known.test(text)) errors.push(text)
  })
  return errors
}
