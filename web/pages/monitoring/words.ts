import type { Answers } from '../../api.ts'

export type State = Answers['monitoring']['state']
type Status = State['health']['status']
type Check = State['health']['checks'][number]['name']
type Task = State['clock'][number]['task']

/** A word, and the class of its badge. */
export const STATUS: Record<Status, readonly [string, string]> = {
  healthy: ['Healthy', 'is-good'],
  degraded: ['Degraded', 'is-warning'],
  unhealthy: ['Unhealthy', 'is-bad'],
}

/** What is looked at, and what depends on it. */
export const CHECKS: Record<Check, { name: string; words: string }> = {
  database: { name: 'Database', words: 'Without it nothing works.' },
  migrations: { name: 'Migrations', words: 'The database has the tables that this version needs.' },
  clock: { name: 'Clock', words: 'The round of every five minutes that keeps figures fresh.' },
  ledger: { name: 'Ledger', words: 'What is derived from bills and jobs is what it should be.' },
  sources: { name: 'Sources', words: 'What is fetched every day has arrived.' },
  backends: { name: 'Backends', words: 'Where the gateway sends calls, they answer.' },
}

export const TASKS: Record<Task, { name: string; words: string }> = {
  tick: {
    name: 'Round',
    words: 'Every five minutes: takes up broken imports, counts running jobs, clears up, and all below.',
  },
  share: {
    name: 'Sharing',
    words: 'Shares the days whose jobs or costs have changed; imports do so at their end too.',
  },
  ledger_check: { name: 'Check of the night', words: 'Once a day: is the ledger what its bills and jobs make of it?' },
}
