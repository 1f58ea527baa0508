// @ts-check
const REDRAW_MS = 150
const BAR_WIDTH = 24

/** One line on standard error that says how far the sending is; nothing where that is no terminal. */
export class Progress {
  sentBytes = 0
  #isAllSent = false
  #rows = 0
  #usd = ''
  #startedAt = performance.now()
  /** @type {number | null} null: not known before the end */
  #byteLength = null
  /** @type {NodeJS.Timeout | null} */
  #timer = null

  /** @param {boolean} isQuiet */
  constructor(isQuiet) {
    if (!isQuiet && process.stderr.isTTY) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref()
  }

  /**
   * From the start of the file, for the first time or again.
   * @param {number | null} byteLength null: not known before the end
   */
  begin(byteLength) {
    this.#byteLength = byteLength
    this.#isAllSent = false
    this.#startedAt = performance.now()
    this.sentBytes = 0
  }

  /** @param {number} bytes */
  sent(bytes) {
    this.sentBytes += bytes
  }

  allSent() {
    this.#isAllSent = true
  }

  /**
   * What the server has read of the file.
   * @param {number} rows
   * @param {string} [usd]
   */
  stored(rows, usd = '') {
    this.#rows = rows
    this.#usd = /[1-9]/.test(usd) ? usd : ''
  }

  end() {
    if (!this.#timer) return
    clearInterval(this.#timer)
    this.#timer = null
    process.stderr.write('\r\x1b[2K')
  }

  #draw() {
    const seconds = (performance.now() - this.#startedAt) / 1000
    const line = progressLine(this.sentBytes, this.#byteLength, seconds, this.#isAllSent, this.#rows, this.#usd)
    process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns || 80) - 1)}`)
  }
}

/**
 * "[####      ]  40%  4.0 MB of 10.0 MB  2.0 MB/s  3 s left".
 * @param {number} sent bytes
 * @param {number | null} byteLength
 * @param {number} seconds since the beginning
 * @param {boolean} isAllSent
 * @param {number} rows
 * @param {string} usd
 */
export function progressLine(sent, byteLength, seconds, isAllSent, rows = 0, usd = '') {
  const read = rows > 0 ? `, ${rows} rows${usd ? ` and ${usd} USD` : ''} so far` : ''
  if (isAllSent) return `${size(sent)} sent; Heliox is storing it${read} …`
  const rate = sent / Math.max(seconds, 0.001)
  const speed = `${size(rate)}/s`
  if (!byteLength) return `${size(sent)}  ${speed}`
  const share = Math.min(1, sent / byteLength)
  const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH)
  const left = sent > 0 ? `  ${duration((byteLength - sent) / rate)} left` : ''
  return `[${bar}] ${String(Math.floor(share * 100)).padStart(3)}%  ${size(sent)} of ${size(byteLength)}  ${speed}${left}`
}

/** @param {number} bytes */
export function size(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  let count = bytes
  for (; count >= 999.95 && at < units.length - 1; at += 1) count /= 1000
  return `${at === 0 ? Math.round(count) : count.toFixed(1)} ${units[at]}`
}

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds))
  return whole < 90 ? `${whole} s` : whole < 5400 ? `${Math.round(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}
