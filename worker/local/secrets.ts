import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HelioxError } from '../errors.ts'

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
  const known = readSecrets(file)
  const secrets = { ...fresh, ...known, ...fromSettings() }
  if (Object.keys(fresh).some((name) => !(name in known)))
    writeWhole(file, `${JSON.stringify({ ...fresh, ...known }, null, 2)}\n`)
  return secrets
}

/** @throws HelioxError invalid `local.bad_secrets` if the file is there and cannot be read: inventing others would lock people out */
function readSecrets(file: string): Partial<LocalSecrets> {
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<LocalSecrets>
  } catch {
    throw new HelioxError(
      'invalid',
      'local.bad_secrets',
      `${file} is damaged: mend it, or delete it to have new ones made`,
    )
  }
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
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
