// @ts-check
import { parseArgs } from 'node:util'

export const HELP = `heliox: send bills, jobs and usage to a Heliox server

  heliox import FILE [options]
  sacct -X -P -D … | heliox import - --format slurm-sacct

FILE is read as it is sent, gzip or plain, of any size; - reads standard input. A large one goes in
parts, each sent again if it does not arrive; the server reads it when all of them are there.

  --format NAME      what the file is (default: auto, Heliox tells by its beginning);
                     GET /api/v1/imports/formats lists the names
  --url URL          the server (default: HELIOX_URL, or http://127.0.0.1:8787)
  --key KEY          a key with the scope to import (default: HELIOX_KEY, which no list of
                     processes shows)
  --source NAME      whose rows they are: files of one source correct each other
  --provider NAME    the provider whose bill pays for a scheduler's jobs
  --currency CODE    of a bill that names none, such as USD
  --time-zone NAME   of times that have none, such as Europe/Berlin (default: UTC)
  --part NAME        which part of an export in several files this one is
  --file-name NAME   what the imports page calls it (default: the name of FILE)
  --dry-run          count and check, store nothing
  --gzip             pack what is sent; where the server takes no parts, a file that is too large for
                     one request is packed by itself
  --json             print the server's answer as it is, on one line
  --quiet            no progress
  --help, --version

Exit code
  0    everything was stored
  1    it failed, or could not be sent
  2    wrong usage
  3    some rows were stored and others quarantined; they are listed
  130  it was stopped (Ctrl+C): what was being sent is cancelled
`

/** What was asked for cannot be done as it was written. */
export class WrongUsage extends Error {}

/**
 * @typedef {{
 *   command: 'import', file: string, url: URL, key: string, question: Record<string, string>,
 *   isGzip: boolean, isJson: boolean, isQuiet: boolean,
 * }} ImportAsked `question`: what is said beside the file, in the server's names
 */

const TEXT = /** @type {const} */ ({ type: 'string' })
const FLAG = /** @type {const} */ ({ type: 'boolean' })
const OPTIONS = {
  ...{ format: TEXT, url: TEXT, key: TEXT, source: TEXT, provider: TEXT, currency: TEXT, part: TEXT },
  ...{ 'time-zone': TEXT, 'file-name': TEXT, 'dry-run': FLAG, gzip: FLAG, json: FLAG, quiet: FLAG },
  help: { ...FLAG, short: 'h' },
  version: FLAG,
}
const DEFAULT_URL = 'http://127.0.0.1:8787'
/** What the server takes of a file's name. */
const LONGEST_NAME = 255

/**
 * What the words of a command ask for.
 * @param {string[]} words
 * @param {Record<string, string | undefined>} environment
 * @returns {ImportAsked | { command: 'help' } | { command: 'version' }}
 * @throws {WrongUsage}
 */
export function optionsOf(words, environment) {
  const { values, positionals } = parsed(words)
  const [command, file, ...more] = positionals
  if (values.help || command === 'help') return { command: 'help' }
  if (values.version) return { command: 'version' }
  if (command === undefined) throw new WrongUsage('say what to do, such as: heliox import FILE')
  if (command !== 'import') throw new WrongUsage(`there is no command ${command}; there is import`)
  if (file === undefined || file === '') throw new WrongUsage('say which file to import, or - for standard input')
  if (more.length > 0) throw new WrongUsage('one file at a time')
  const key = values.key ?? environment.HELIOX_KEY ?? ''
  if (key === '') throw new WrongUsage('a key is needed: set HELIOX_KEY, or give --key')
  if (!/^[\x21-\x7e]+$/.test(key)) throw new WrongUsage('the key has characters that no key has')
  /** @type {Record<string, string>} */
  const question = { format: values.format ?? 'auto' }
  const name = values['file-name'] ?? (file === '-' ? '' : (file.split(/[\\/]/).at(-1) ?? ''))
  const said = {
    ...{ source: values.source, provider: values.provider, currency: values.currency, part: values.part },
    ...{ time_zone: values['time-zone'], file_name: name.slice(-LONGEST_NAME) },
    dry_run: values['dry-run'] ? 'true' : undefined,
  }
  for (const [column, value] of Object.entries(said)) if (value) question[column] = value
  return {
    ...{ command: 'import', file, key, question, url: addressOf(values.url || environment.HELIOX_URL || DEFAULT_URL) },
    ...{ isGzip: values.gzip ?? false, isJson: values.json ?? false, isQuiet: values.quiet ?? false },
  }
}

/** @param {string[]} words */
function parsed(words) {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error))
  }
}

/**
 * The address of a server, ending in a slash so that paths go below it.
 * @param {string} text
 */
function addressOf(text) {
  const isWeb = /^https?:\/\/./i.test(text)
  if (!isWeb || !URL.canParse(text))
    throw new WrongUsage(`${text} is no address: write it as https://heliox.example.com`)
  const url = new URL(text)
  if (url.username || url.password) throw new WrongUsage('an address holds no password: give the key with HELIOX_KEY')
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}
