#!/usr/bin/env node
// @ts-check
/** The command `heliox`. Needs Node 20 or newer and nothing else. */
import { readFileSync } from 'node:fs'
import { giveUp } from './give-up.mjs'
import { importFile } from './import-file.mjs'
import { HELP, optionsOf, WrongUsage } from './options.mjs'
import { Server } from './request.mjs'
import { plain, summary } from './words.mjs'

/** Whoever reads our output may leave early (`| head`): that is no failure. */
process.stdout.on('error', (error) => {
  if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EPIPE') throw error
})

process.exitCode = await run(process.argv.slice(2))

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit code, see HELP
 */
async function run(words) {
  try {
    const asked = optionsOf(words, process.env)
    if (asked.command === 'help') process.stdout.write(HELP)
    if (asked.command === 'version') process.stdout.write(`${version()}\n`)
    if (asked.command !== 'import') return 0
    const server = new Server(asked.url, asked.key)
    /** @type {import('./import-file.mjs').Sending} */
    const sending = { importId: '', way: 'none', progress: null }
    const outcome = await unlessStopped(importFile(asked, server, sending), server, sending)
    const { ok, status, answer, words: failure } = outcome
    if (asked.isJson) process.stdout.write(`${JSON.stringify(answer ?? { error: { message: failure } })}\n`)
    if (!ok) {
      process.stderr.write(`heliox: ${failure}\n`)
      return 1
    }
    if (!asked.isJson) process.stdout.write(summary(answer, asked.url))
    return { success: 0, partial_success: 3 }[status] ?? 1
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error
    process.stderr.write(`heliox: ${plain(error.message)}\nTry: heliox --help\n`)
    return 2
  }
}

/**
 * The outcome; at Ctrl+C none: the command ends when what was being sent is given up. A second one does not wait for that.
 * @template T
 * @param {Promise<T>} importing
 * @param {Server} server
 * @param {import('./import-file.mjs').Sending} sending
 * @returns {Promise<T>}
 */
function unlessStopped(importing, server, sending) {
  return new Promise((resolve, reject) => {
    let isStopped = false
    process.once('SIGINT', async () => {
      isStopped = true
      process.once('SIGINT', () => process.exit(130))
      process.stderr.write(`heliox: ${plain(await giveUp(server, { ...sending }))}\n`)
      process.exit(130)
    })
    importing.then(
      (outcome) => isStopped || resolve(outcome),
      (error) => isStopped || reject(error),
    )
  })
}

/** @returns {string} */
function version() {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
}
