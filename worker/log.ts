const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LEVELS)[number]

/** One JSON line per event: time, level, event name, fields. `debug` is cheap when off: check `isDebug` before loops. */
export type Log = {
  readonly isDebug: boolean
  debug(event: string, fields?: Record<string, unknown>): void
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

/** A log that writes what is at least as grave as `least`, adding `fields` (such as the request id) to every line. */
export function createLog(least: LogLevel, fields: Record<string, unknown> = {}): Log {
  const at =
    (level: LogLevel) =>
    (event: string, more: Record<string, unknown> = {}) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return
      console.log(JSON.stringify({ time: new Date().toISOString(), level, event, ...fields, ...more }, plain))
    }
  return { isDebug: least === 'debug', debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
