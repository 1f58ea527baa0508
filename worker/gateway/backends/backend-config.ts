import type { KnownBackend } from './backend.ts'
import { objectIn, textIn } from './json-parts.ts'

type Config = KnownBackend['config']

/** A text among a backend's settings; '' where there is none. */
export function settingIn(config: Config, name: string): string {
  return textIn(config[name]).trim()
}

/** Headers that the backend's owner wants on every request. */
export function headersIn(config: Config): Record<string, string> {
  return Object.fromEntries(Object.entries(objectIn(config.headers)).map(([name, value]) => [name, String(value)]))
}
