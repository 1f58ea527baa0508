import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { idText } from '../../../db/units/ids.ts'
import { whole } from './fields.ts'
import type { AlertKind, AlertScope, Finding } from './kind.ts'
import { span } from './words.ts'

const Params = z.object({
  hours: whole(1, 8_784).default(36).meta({ title: 'Older than, hours', description: 'Sources are pulled once a day' }),
  of: z
    .enum(['sources', 'imports', 'both'])
    .default('both')
    .meta({ title: 'Of what', description: 'Every source that is pulled; or the newest import, whoever sent it' }),
})
type Params = z.output<typeof Params>

/** Data that does not come any more. Where none has ever come there is nothing to miss. */
export const ingestStale: AlertKind<Params> = {
  name: 'ingest_stale',
  title: 'Data is late',
  describes:
    'A source that the clock pulls, or imports altogether, that has brought nothing for so many hours. A paused source is not missed.',
  params: Params,
  of: ['company'],
  async look(scope, { params }) {
    const beforeMs = scope.now() - params.hours * 3_600_000
    return [
      ...(params.of === 'imports' ? [] : await lateSources(scope, beforeMs)),
      ...(params.of === 'sources' ? [] : await lateImports(scope, beforeMs)),
    ]
  },
}

async function lateSources({ db, now }: AlertScope, beforeMs: number): Promise<Finding[]> {
  type Row = { id: bigint; name: string; atMs: bigint; hasCome: bigint; message: string | null }
  const rows = await db.all<Row>(sql`
    select s.id, s.name, coalesce(g.started_at_ms, s.created_at_ms) as atMs, g.id is not null as hasCome,
      iif(l.status = 'failed', l.message, null) as message
    from sources s
    left join source_runs g on g.id = (select max(r.id) from source_runs r where r.source_id = s.id and r.status = 'success')
    left join source_runs l on l.id = (select max(r.id) from source_runs r where r.source_id = s.id)
    where s.is_enabled = 1 and coalesce(g.started_at_ms, s.created_at_ms) < ${BigInt(beforeMs)} order by s.id`)
  return rows.map(({ id, name, atMs, hasCome, message }) => ({
    ...{ groupKey: idText('src', id), teamId: null, href: '/sources' },
    title: `${name} has brought nothing for ${span(now() - Number(atMs))}`,
    text: message ? `Its last run failed: ${message}` : 'It has not been pulled since, or found nothing to pull from.',
    facts: [{ name: hasCome === 1n ? 'Last good run' : 'Set up', value: new Date(Number(atMs)).toISOString() }],
  }))
}

async function lateImports({ db, now }: AlertScope, beforeMs: number): Promise<Finding[]> {
  const [last] = await db.all<{ id: bigint; atMs: bigint }>(sql`
    select id, started_at_ms as atMs from imports
    where status in ('success', 'partial_success') and is_dry_run = 0 order by id desc limit 1`)
  if (!last || Number(last.atMs) >= beforeMs) return []
  return [
    {
      ...{ groupKey: 'imports', teamId: null, href: '/imports' },
      title: `No import for ${span(now() - Number(last.atMs))}`,
      text: 'What pages show ends where the last import did.',
      facts: [
        { name: 'Last import', value: `${idText('imp', last.id)}, ${new Date(Number(last.atMs)).toISOString()}` },
      ],
    },
  ]
}
