// @ts-check
/** @typedef {import('./request.mjs').BrokenConnection} BrokenConnection */

const LISTED_ERRORS = 10

/**
 * What an import came to, for people.
 * @param {any} answer
 * @param {URL} url
 */
export function summary(answer, url) {
  const { result, import_id: id, format, dry_run: isDryRun } = answer
  const { totals, errors } = result
  const counts = [
    ...[
      `${result.total_records} read`,
      `${result.inserted} new`,
      `${result.updated} known (${result.unchanged} unchanged)`,
    ],
    ...(result.removed > 0 ? [`${result.removed} replaced`] : []),
    ...(result.skipped > 0 ? [`${result.skipped} set aside`] : []),
    ...(result.failed > 0 ? [`${result.failed} quarantined`] : []),
  ]
  const dollars = [`${totals.stored_cost_usd} stored`]
  if (!isZero(totals.quarantined_cost_usd)) dollars.push(`${totals.quarantined_cost_usd} quarantined`)
  if (!isZero(totals.rounding_cost_usd)) dollars.push(`${totals.rounding_cost_usd} rounding`)
  const lines = [
    answer.message,
    `  import     ${id} (${format}${isDryRun ? ', a dry run: nothing is stored' : ''})`,
    `  rows       ${counts.join(', ')}`,
    ...(isZero(totals.file_cost_usd)
      ? []
      : [`  dollars    ${totals.file_cost_usd} in the file = ${dollars.join(' + ')}`]),
    ...(isZero(totals.gpu_hours) ? [] : [`  GPU-hours  ${totals.gpu_hours}`]),
  ]
  const listed = errors.slice(0, LISTED_ERRORS)
  for (const { line, column, message, cost_usd: cost } of listed)
    lines.push(`  line ${line}${column ? `, ${column}` : ''}: ${message}${cost ? ` (${cost} USD)` : ''}`)
  if (result.failed > listed.length)
    lines.push(`  … and ${result.failed - listed.length} more: ${new URL(`api/v1/imports/${id}/errors`, url)}`)
  return `${lines.map(plain).join('\n')}\n`
}

/**
 * Why the server did not take it.
 * @param {URL} url
 * @param {number} httpStatus
 * @param {any} answer null: it was no JSON
 * @param {string} retryAfter seconds, as the server says
 */
export function refusal(url, httpStatus, answer, retryAfter) {
  const said = typeof answer?.error?.message === 'string' ? answer.error.message : ''
  if (answer?.moved_to !== undefined)
    return plain(`${shown(url)} sends on to ${answer.moved_to || 'another address'}: use that one with --url`)
  if (httpStatus === 413)
    return plain(
      `${said.split(':')[0] || 'The file is too large for one request'}. Pack it (--gzip), send it in pieces, each with its own --part, or ask whoever runs the server for a higher limit (MAX_UPLOAD_MB, or MAX_LARGE_UPLOAD_MB and a bucket)`,
    )
  if (said === '')
    return httpStatus >= 500
      ? `The server at ${shown(url)} failed (HTTP ${httpStatus}): try again, or ask whoever runs it`
      : `What answers at ${shown(url)} is not Heliox (HTTP ${httpStatus}): check --url`
  if (httpStatus === 401) return plain(`The key is not known at ${shown(url)}: check HELIOX_KEY or --key. (${said})`)
  if (httpStatus === 403) return plain(`The key may not do that. ${said}`)
  if (httpStatus === 429) return plain(`${said}${retryAfter ? `. Try again in ${retryAfter} s` : ''}`)
  const details = Array.isArray(answer.error.details) ? answer.error.details.slice(0, LISTED_ERRORS) : []
  const request = httpStatus >= 500 && answer.request_id ? ` (request ${answer.request_id})` : ''
  return [`${said}${request}`, ...details.map((/** @type {string} */ line) => `  ${line}`)].map(plain).join('\n')
}

/**
 * Why nobody answered.
 * @param {URL} url
 * @param {BrokenConnection} broken
 */
export function unreachable(url, { code, message, hasBegun }) {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no ${url.hostname}: check --url`
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EADDRNOTAVAIL'].includes(code))
    return `Nothing answers at ${shown(url)}: is Heliox running there, and is --url right?`
  if (/CERT|SIGNED|ERR_TLS/.test(code)) return plain(`The certificate of ${shown(url)} is not trusted: ${message}`)
  if (code === 'EPROTO' || /wrong version number/i.test(message))
    return `${shown(url)} does not speak HTTPS: is it http://${url.host}?`
  if (!hasBegun) return plain(`${shown(url)} closed the connection: ${message}`)
  return plain(
    `The connection to ${shown(url)} broke (${code || message}). A file that breaks off changes nothing: send it again`,
  )
}

/**
 * Why there is nothing to send.
 * @param {string} path
 * @param {unknown} error
 */
export function unreadable(path, error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code
  const name = path === '-' ? 'standard input' : path
  if (code === 'ENOENT') return plain(`There is no file ${name}`)
  if (code === 'EACCES' || code === 'EPERM') return plain(`${name} may not be read by you`)
  if (code === 'EISDIR') return plain(`${name} is a folder: name a file`)
  return plain(`${name} cannot be read: ${error instanceof Error ? error.message : error}`)
}

/**
 * Text that changes nothing on a terminal, whatever a file or a server has put into it.
 * @param {string} text
 */
export function plain(text) {
  return String(text).replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
}

/** @param {string | undefined} amount */
function isZero(amount) {
  return amount === undefined || /^-?[0.]*$/.test(amount)
}

/** @param {URL} url */
function shown(url) {
  return url.href.replace(/\/$/, '')
}
