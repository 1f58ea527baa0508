import type { Page } from 'playwright-core'

/** A file as a customer would send it. */
export type Upload = { name: string; text: string }

/** Opens a page by its link in the navigation, which a narrow screen has behind a button. */
export async function go(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Menu', exact: true })
  await menu
    .or(page.getByRole('navigation', { name: 'Main' }))
    .first()
    .waitFor() // a dialog that closes hides both for a moment
  if (await menu.isVisible()) await menu.click()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
}

/** Sends files through the imports page and waits until the last one has its answer. */
export async function upload(page: Page, ...files: Upload[]): Promise<void> {
  await go(page, 'Imports')
  await page.getByRole('heading', { name: 'Imports' }).waitFor()
  const buffers = files.map(({ name, text }) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) }))
  await page.locator('input[type=file]').setInputFiles(buffers)
  for (const { name } of files)
    await page
      .getByRole('button', { name: `Dismiss ${name}` })
      .first()
      .waitFor()
}

/** The big figure of a card: "$157.25". */
export async function figureOf(page: Page, card: string): Promise<string> {
  return page.locator('.card').filter({ hasText: card }).locator('.card-value').innerText()
}

/** The rows of a panel's table, cells as they read; turns the panel to its table first. */
export async function rowsOf(page: Page, panel: string): Promise<string[][]> {
  const section = page.locator('.panel').filter({ has: page.getByRole('heading', { name: panel, exact: true }) })
  await section.waitFor()
  const toTable = section.getByRole('button', { name: 'Table' })
  if ((await toTable.count()) > 0) await toTable.click()
  await section.locator('tbody tr').first().waitFor()
  const texts = await section.locator('tbody tr, tfoot tr').evaluateAll((rows) =>
    rows.map((row) =>
      [...row.children].map((cell) => {
        const seen = cell.cloneNode(true) as HTMLElement
        for (const hidden of seen.querySelectorAll('.visually-hidden')) hidden.remove()
        return seen.textContent?.trim() ?? ''
      }),
    ),
  )
  return texts
}

/** How far the page can be scrolled sideways, in pixels; 0 is what a phone wants. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Waits for the open dialog to hold the focus and to hide the page behind it, which it does a moment after it is there. */
export async function dialogThere(page: Page): Promise<void> {
  await page.getByRole('dialog').first().waitFor()
  await page.locator('#root[aria-hidden=true]').waitFor({ state: 'attached' })
}
