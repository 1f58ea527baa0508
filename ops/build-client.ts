/** `npm run build:client`: the package `heliox-client` in dist/client, ready for `npm pack`. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const out = join(root, 'dist/client')
const declarations = join(root, 'dist/client-declarations')
const TYPES = ['index', 'router', 'errors']

/** Builds the package and answers its folder. Throws where the types do not compile or would need the server. */
export async function buildClient(): Promise<string> {
  for (const folder of [out, declarations]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  compile()
  for (const name of TYPES) {
    const text = readFileSync(join(declarations, `client/${name}.d.ts`), 'utf8')
    writeFileSync(join(out, `${name}.d.ts`), withoutServer(name, text))
  }
  await build({
    ...{ configFile: false, root, logLevel: 'warn', publicDir: false },
    build: {
      ...{ outDir: out, emptyOutDir: false, minify: false, target: 'es2022' },
      lib: { entry: join(root, 'client/index.ts'), formats: ['es'], fileName: 'index' },
      rolldownOptions: { external: [/^@trpc\//] },
    },
  })
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  cpSync(join(root, 'docs/clients.md'), join(out, 'README.md'))
  rmSync(declarations, { recursive: true, force: true })
  return out
}

/**
 * The compiler emits the declarations of every file that the client's types reach. That some of the server's cannot be
 * written (TS4xxx: they use a brand that stays in its file) does not matter: only the client's own are kept.
 */
function compile(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', join(root, 'tsconfig.client.json'), '--pretty', 'false']
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  const wrong = stdout.split('\n').filter((line) => /^\S/.test(line) && !/^(worker|db)\/.*: error TS4\d{3}:/.test(line))
  if (wrong.length > 0) throw new Error(`The client does not compile:\n${stdout}`)
}

/** Imports of the package itself end in .js; any other than tRPC's would take the server along. */
function withoutServer(name: string, text: string): string {
  const own = text.replaceAll(/(['"])(\.\/\w+)\.ts\1/g, '$1$2.js$1')
  const imported = [...own.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)].map(([, from = '']) => from)
  const foreign = imported.filter((from) => !/^(\.\/\w+\.js|@trpc\/(client|server))$/.test(from))
  if (foreign.length > 0)
    throw new Error(`${name}.d.ts needs ${[...new Set(foreign)].join(', ')}: see client/written-out.ts`)
  return own
}

function manifest(): object {
  const { version, engines, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
    engines: object
    dependencies: Record<string, string>
  }
  const peers = ['@trpc/client', '@trpc/server'].map((name) => [name, `^${dependencies[name]}`])
  return {
    ...{ name: 'heliox-client', version, description: 'The procedures of Heliox, typed.', license: 'UNLICENSED' },
    ...{ private: true, type: 'module', sideEffects: false, engines },
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['*.js', '*.d.ts', 'README.md'],
    peerDependencies: Object.fromEntries(peers),
  }
}

if (process.argv[1] === import.meta.filename) console.log(`built ${await buildClient()}`)
