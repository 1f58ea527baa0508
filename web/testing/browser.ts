import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright-core'

/** Where a browser is and what it needs in its environment. */
type Found = { executablePath: string; env?: Record<string, string> }

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
]

const INSTALLED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
]

/**
 * Starts a Chromium, in this order: $HELIOX_CHROMIUM, the one that comes with `npm ci` (Linux x64), an installed
 * browser. Throws Error with both remedies where there is none.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.HELIOX_CHROMIUM
  const found = own ? { executablePath: own } : ((await shipped()) ?? installed())
  if (!found)
    throw new Error(
      'No browser for the end-to-end tests: install Chrome or Chromium, or set HELIOX_CHROMIUM=/path/to/it',
    )
  return chromium.launch({ ...found, args: ARGS, headless: true })
}

function installed(): Found | null {
  const executablePath = INSTALLED.find((path) => existsSync(path))
  return executablePath ? { executablePath } : null
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/heliox-chromium', import.meta.url))

/** The browser of @sparticuz/chromium, unpacked once; null where the package has none for this machine. */
async function shipped(): Promise<Found | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  if (!existsSync(join(cache, 'chromium'))) await unpack()
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value
  delete env.FONTCONFIG_PATH
  // Its own fonts.conf names a folder that is not there, and then no text is drawn at all.
  env.FONTCONFIG_FILE = join(cache, 'fonts.conf')
  env.LD_LIBRARY_PATH = join(cache, 'al2023', 'lib')
  return { executablePath: join(cache, 'chromium'), env }
}

/**
 * Unpacks into a folder of this process and moves it into place at the end: two test runs may start together,
 * and a half unpacked browser must never be found by the other.
 */
async function unpack(): Promise<void> {
  const own = `${cache}-${process.pid}`
  mkdirSync(own, { recursive: true })
  const before = process.env.TMPDIR
  process.env.TMPDIR = own // the package unpacks into os.tmpdir() and trusts what lies there
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    const parts = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin')
    await packed.executablePath()
    await inflate(join(parts, 'al2023.tar.br')) // the package does this on Lambda only
    writeFileSync(join(own, 'fonts.conf'), FONTS)
    moveInPlace(own)
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(own, { recursive: true, force: true })
  }
}

function moveInPlace(own: string): void {
  mkdirSync(dirname(cache), { recursive: true })
  try {
    renameSync(own, cache)
  } catch {
    // Another run was faster, or an older layout is in the way.
    if (existsSync(join(cache, 'chromium')) && existsSync(join(cache, 'fonts.conf'))) return
    if (readdirSync(cache).length > 0) rmSync(cache, { recursive: true, force: true })
    renameSync(own, cache)
  }
}

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${cache}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${cache}/font-cache</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`
