import { z } from 'zod'
import { rest } from '../rest.ts'
import { Backup } from './backup-store.ts'
import { BackupAsked, Backups, downloadBackup, listBackups, verifyBackup } from './list-backups.ts'
import { makeBackup } from './make-backup.ts'

export const backupsRoutes = [
  rest('GET', '/backups', { summary: 'Backups', input: z.object({}), answers: Backups }, (scope, _asked, asking) =>
    listBackups(scope, asking),
  ),
  rest(
    'POST',
    '/backups',
    {
      ...{ summary: 'Make a backup now', input: z.object({}), answers: Backup, status: 201 },
      document: {
        description: 'Answers when it has been made and read back. `GET /backups` says how far it is meanwhile.',
        errors: ['conflict', 'unavailable'],
      },
    },
    (scope, _asked, asking) => {
      const making = makeBackup(scope, asking)
      asking.outlive(making.catch(() => undefined))
      return making
    },
  ),
  rest(
    'POST',
    '/backups/:id/verify',
    {
      ...{ summary: 'Read a backup back', input: BackupAsked, answers: Backup },
      document: { errors: ['conflict', 'unavailable'] },
    },
    (scope, asked, asking) => verifyBackup(scope, asking, asked),
  ),
  rest(
    'GET',
    '/backups/:id/file',
    {
      ...{ summary: 'A backup as a file', input: BackupAsked },
      document: { answerType: 'application/gzip', errors: ['conflict', 'unavailable'] },
    },
    (scope, asked, asking) => downloadBackup(scope, asking, asked),
  ),
]
