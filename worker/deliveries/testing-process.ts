import { createClient } from '@libsql/client'
import { onClient } from '../../db/client.ts'
import type { EpochMs } from '../../db/units/time.ts'
import type { ChannelScope } from '../channels/channel.ts'
import { createLog } from '../log.ts'
import { INSIDE, machine } from '../scope.ts'
import { deliver } from './deliver.ts'

/** A process of its own that sends what is due in a database file at an instant: for tests that kill it. */
const [file = '', secretKey = '', nowMs = '0'] = process.argv.slice(2)
const scope: ChannelScope = {
  db: onClient(createClient({ url: `file:${file}`, intMode: 'bigint' })),
  now: () => Number(nowMs) as EpochMs,
  ...{ actor: machine('clock'), origin: INSIDE, log: createLog('error') },
  settings: { secretKey, allowPrivateChannels: true, environment: 'development', publicUrl: '', mail: null },
}
await deliver(scope)
