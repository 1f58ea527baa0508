import { A, useParams, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { DownloadButton } from '../components/download-button.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { hasDollars } from './imports/formats.ts'
import { ImportFacts } from './imports/import-facts.tsx'
import { QuarantineTable } from './imports/quarantine-table.tsx'

const LIMIT = 50
const POLL_MS = 1_000

/** One import with all of its counts and dollars, and the rows that were refused. */
export default function ImportPage() {
  const route = useParams<{ importId: string }>()
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const skip = () => readSkip(params.skip)
  const one = useQuery(() => ({
    queryKey: ['imports.get', route.importId],
    queryFn: () => api.imports.get.query({ importId: route.importId }),
    refetchInterval: ({ state }) => (state.data?.finishedAt === null ? POLL_MS : false),
  }))
  const errors = useQuery(() => ({
    queryKey: ['imports.errors', route.importId, skip()],
    queryFn: () => api.imports.errors.query({ importId: route.importId, skip: skip(), limit: LIMIT }),
  }))
  const title = () => (one.isPending ? route.importId : (one.data?.fileName ?? route.importId))
  return (
    <div class="page">
      <p class="crumb">
        <A href="/imports">Imports</A> <span aria-hidden="true">/</span> {route.importId}
      </p>
      <PageHeading title={title()} />
      <Panel title="Result" query={one} minHeight={260} isEmpty={() => false} empty={null}>
        {(data) => <ImportFacts one={data()} />}
      </Panel>
      <Show when={!one.isError}>
        <Panel
          title="Quarantined rows"
          query={errors}
          minHeight={140}
          isEmpty={(data) => data.total === 0}
          empty={<p>No row of this file was refused.</p>}
          actions={
            <Show when={!errors.isPending && errors.data && errors.data.total > 0}>
              <DownloadButton
                path={`/api/v1/imports/${route.importId}/errors`}
                fileName={`${route.importId}-errors.csv`}
                label="Download all quarantined rows as CSV"
              />
            </Show>
          }
        >
          {(data) => (
            <QuarantineTable
              answer={data()}
              isBill={!one.isPending && hasDollars(one.data?.kind)}
              onSkip={(next) => setParams({ skip: next || null })}
            />
          )}
        </Panel>
      </Show>
    </div>
  )
}
