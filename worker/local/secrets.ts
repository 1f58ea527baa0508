import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a local run needs and nobody should have to invent. */
export type LocalSecrets = {
  secretKey: string
  adminApiKey: string
  adminEmail: string
  adminPassword: string
  databaseAuthToken: string
}

/**
 * The secrets of a local run: made once, kept in `secrets.json` under the data folder (readable by its owner only), so
 * that sessions outlive a restart. Settings of the same names win when the Worker starts.
 */
export function localSecrets(dataDir: string): LocalSecrets {
  const file = join(dataDir, 'secrets.json')
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const fresh: LocalSecrets = {
    secretKey: random(32),
    adminApiKey: random(24),
    adminEmail: 'admin@heliox.local',
    adminPassword: random(9),
    databaseAuthToken: random(24),
  }
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>) : {}
  const secrets = { ...fresh, ...known, ...fromSettings() }
  if (Object.keys(fresh).some((name) => !(name in known)))
    writeFileSync(file, `${JSON.stringify({ ...fresh, ...known }, null, 2)}\n`, { mode: 0o600 })
  return secrets
}

function fromSettings(): Partial<LocalSecrets> {
  const { SECRET_KEY, ADMIN_API_KEY, ADMIN_EMAIL, ADMIN_PASSWORD } = process.env
  return {
    ...(SECRET_KEY ? { secretKey: SECRET_KEY } : {}),
    ...(ADMIN_API_KEY ? { adminApiKey: ADMIN_API_KEY } : {}),
    ...(ADMIN_EMAIL ? { adminEmail: ADMIN_EMAIL } : {}),
    ...(ADMIN_PASSWORD ? { adminPassword: ADMIN_PASSWORD } : {}),
  }
}
