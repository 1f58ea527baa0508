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

/** What is looked at, what depends on it, and what an operator does when it is not well. */
export const CHECKS: Record<Check, { name: string; words: string; todo: string }> = {
  database: {
    name: 'Database',
    words: 'Whether the database answers. Without it no page, import or API call works.',
    todo: 'See whether the database server runs and takes connections, and whether DATABASE_URL and DATABASE_AUTH_TOKEN are right. The reason is in the log under “health.database_down”.',
  },
  migrations: {
    name: 'Migrations',
    words: 'Whether the database has the tables that this version of Heliox needs.',
    todo: 'Run “npm run db:migrate” against this database. “npm run deploy” does so before it deploys.',
  },
  clock: {
    name: 'Clock',
    words: 'Whether the background round, due every five minutes, has finished in the last 15 minutes.',
    todo: 'See whether the cron trigger of the deployment is on (locally: whether “npm start” runs), and search the log for errors of “tick”. Nothing is lost meanwhile: figures of running jobs and broken-off imports wait.',
  },
  ledger: {
    name: 'Ledger',
    words: 'Whether every day that changed has been shared out to its teams, and the last check found costs to add up.',
    todo: 'Days that wait: the next round shares them, so mend the clock first if it stands. A check that failed: an administrator presses “Rebuild the ledger” below; nothing imported is lost.',
  },
  sources: {
    name: 'Sources',
    words: 'Whether the last run of every source that is pulled by itself went well, and was within a day.',
    todo: 'Open Sources: the last run says why it failed. Mend its address or secret and press “Run now”.',
  },
  prices: {
    name: 'Prices',
    words:
      'Whether every model that was called in the last 30 days has a price. What has none costs nobody knows what.',
    todo: 'Open Prices: models without a price stand at the top. Enter theirs, then price the calls again.',
  },
  backends: {
    name: 'Backends',
    words: 'Whether every place that the gateway sends calls to answered when it was last asked.',
    todo: 'Open Backends: it says what the backend answered. Calls go to the next backend of their model meanwhile.',
  },
  backup: {
    name: 'Backup',
    words: 'Whether a backup was made and read back in the last 48 hours, where a bucket for them is bound.',
    todo: 'An administrator opens Backups: the last one says why it failed. “Back up now” makes one.',
  },
}

/** What the clock does. `dueMinutes`: how often it should; a much longer pause is worth a word. */
export const TASKS: Record<Task, { name: string; words: string; dueMinutes: number }> = {
  tick: {
    name: 'Background round',
    words: 'Every five minutes: takes up imports that broke off, counts running jobs, clears up, and does all below.',
    dueMinutes: 5,
  },
  share: {
    name: 'Sharing costs out',
    words:
      'In each round: splits the days whose jobs or bills have changed among teams. Imports do so at their end too.',
    dueMinutes: 5,
  },
  ledger_check: {
    name: 'Nightly check of the ledger',
    words: 'Once a day: adds costs up again from bills and jobs, and compares.',
    dueMinutes: 24 * 60,
  },
  alerts: {
    name: 'Alerts',
    words: 'Every minute: looks at the alert rules that are due, and tells what is new.',
    dueMinutes: 5,
  },
  backup: {
    name: 'Backup',
    words: 'Once a night, where a bucket for backups is bound: makes one and reads it back.',
    dueMinutes: 24 * 60,
  },
}
