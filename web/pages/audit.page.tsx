import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { api } from '../api.ts'
import { DownloadButton } from '../components/download-button.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import type { FirstQueries } from '../page.tsx'
import { AuditFilters } from './audit/audit-filters.tsx'
import { AuditTable } from './audit/audit-table.tsx'
import { queryStringOf, questionOf, readFilters } from './audit/filters.ts'

const LIMIT = 50

const entriesOf = (filters: ReturnType<typeof readFilters>) => ({
  queryKey: ['audit.list', filters],
  queryFn: () => api.audit.list.query({ ...questionOf(filters), limit: LIMIT }),
})

export const firstQueries: FirstQueries = ({ query }) => [entriesOf(readFilters(query))]

/** Who did what to which thing, when, from where, and what it was before. The address holds the filters. */
export default function AuditPage() {
  const [params, setParams] = useSearchParams()
  const filters = () => readFilters(params)
  const entries = useQuery(() => entriesOf(filters()))
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Audit log" />
          <p class="note">
            Every change to people, keys, teams, budgets and prices. No line can be changed or removed.
          </p>
        </div>
      </div>
      <AuditFilters filters={filters()} onChange={(change, options) => setParams({ skip: null, ...change }, options)} />
      <Panel
        title="Entries"
        query={entries}
        minHeight={320}
        isEmpty={(data) => data.total === 0}
        empty={<p>Nothing matches. Widen the days or clear a filter.</p>}
        actions={
          <DownloadButton
            path={`/api/v1/audit?${queryStringOf(filters())}`}
            fileName="heliox-audit.csv"
            label="Download every matching entry as CSV"
          />
        }
      >
        {(data) => (
          <>
            <AuditTable entries={data().entries} onTarget={(target) => setParams({ target, skip: null })} />
            <Pager of="the audit log" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
    </div>
  )
}
