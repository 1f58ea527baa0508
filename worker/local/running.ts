import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which processes serve a data folder: this one and the runtimes that it started. */
type Running = { pid: number; children: number[] }

const fileIn = (dataDir: string) => join(dataDir, 'running.json')

/**
 * Takes a data folder for this process. Two would write one database file; so where another lives, this throws with
 * words for people. Where another was killed, what it left running (and holding the port) is ended.
 */
export function takeDataDir(dataDir: string): void {
  const file = fileIn(dataDir)
  const running = readRunning(file)
  if (running) {
    const { pid, children } = running
    if (pid !== process.pid && /start\.ts|serve\.ts/.test(commandOf(pid)))
      throw new Error(`Heliox already runs on ${dataDir} (process ${pid}): stop it, or set HELIOX_DATA_DIR.`)
    for (const child of children) if (commandOf(child).includes('workerd')) process.kill(child, 'SIGKILL')
  }
  note(dataDir, [])
}

/** Notes the runtimes that this process has started, for the next start to end if this one is killed. A runtime that crashed
 * has been replaced by another: call it now and then. */
export function noteChildren(dataDir: string): void {
  note(dataDir, childrenOf(process.pid))
}

/** Gives the folder back. */
export function leaveDataDir(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true })
}

/** Null where nothing is noted, or nothing that can be read: a process may have been killed while it wrote. */
function readRunning(file: string): Running | null {
  try {
    const { pid, children } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Running>
    return typeof pid === 'number' && Array.isArray(children) ? { pid, children } : null
  } catch {
    return null
  }
}

function note(dataDir: string, children: number[]): void {
  const file = fileIn(dataDir)
  writeFileSync(`${file}.new`, JSON.stringify({ pid: process.pid, children } satisfies Running))
  renameSync(`${file}.new`, file)
}

const HAS_PROC = existsSync('/proc/self/stat')

/** '' for a process that is gone. Without /proc and `ps` (Windows) nothing is known, and the port says that it is taken. */
function commandOf(pid: number): string {
  return HAS_PROC ? proc(pid, 'cmdline').replaceAll('\0', ' ') : ps('-o', 'args=', '-p', String(pid))
}

function childrenOf(parent: number): number[] {
  if (!HAS_PROC)
    return ps('-A', '-o', 'pid=,ppid=')
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid = 0, ppid = 0]) => (ppid === parent ? [pid] : []))
  // "pid (name, which may hold anything) state ppid …"
  const parentOf = (pid: number) => Number(proc(pid, 'stat').split(')').at(-1)?.trim().split(' ')[1])
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent)
}

function proc(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}

function ps(...args: string[]): string {
  try {
    return execFileSync('ps', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return ''
  }
}
