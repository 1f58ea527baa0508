/** What an API key may be allowed to do. `admin` carries the others. */
export const KEY_SCOPES = ['inference', 'models:read', 'usage:read', 'ingest', 'admin'] as const
export type KeyScope = (typeof KEY_SCOPES)[number]
