/** `npm run db:generate`: drizzle-kit writes the migration, then the tables in it are made STRICT, which it cannot say. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const before = new Set(list())
execFileSync('drizzle-kit', ['generate', ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})

for (const name of list().filter((file) => !before.has(file))) {
  const file = join(migrations, name)
  const statements = readFileSync(file, 'utf8').split('--> statement-breakpoint')
  // A table whose key is its columns needs no second b-tree for a row number.
  const strict = (sql: string) =>
    /CREATE TABLE/.test(sql)
      ? sql.replace(/\n\);/, /\n\tPRIMARY KEY\(/.test(sql) ? '\n) STRICT, WITHOUT ROWID;' : '\n) STRICT;')
      : sql
  writeFileSync(file, statements.map(strict).join('--> statement-breakpoint'))
  const down = join(migrations, name.replace(/\.sql$/, '.down.sql'))
  writeFileSync(down, `-- Undo ${name}: one statement per block, newest object first.\n`)
  console.log(`Write the rollback by hand: db/migrations/${name.replace(/\.sql$/, '.down.sql')}`)
}

function list(): string[] {
  try {
    return readdirSync(migrations).filter((file) => file.endsWith('.sql') && !file.endsWith('.down.sql'))
  } catch {
    return []
  }
}
