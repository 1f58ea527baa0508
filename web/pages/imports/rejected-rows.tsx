import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { readSkip } from '../../choice/skip.ts'
import { DownloadButton } from '../../components/download-button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { hasDollars } from './formats.ts'
import type { ImportView } from './history-table.tsx'
import { isUnderWay } from './kinds.ts'
import { QuarantineTable } from './quarantine-table.tsx'
import { ReasonHints } from './reason-hints.tsx'
import { type Reason, ReasonTable } from './reason-table.tsx'

const LIMIT = 50

/** The rows that were refused: summed up by reason, one by one, as files, and to be read again. */
export function RejectedRows(props: {
  one: ImportView
  reasons: readonly Reason[]
  mayChange: boolean
  onRetry: () => void
}) {
  const [params, setParams] = useSearchParams<{ skip?: string; code?: string }>()
  const skip = () => readSkip(params.skip)
  const code = () => (params.code ?? '').slice(0, 60)
  const errors = useQuery(() => {
    const { importId, failed, status } = props.one
    const asked = { importId, skip: skip(), limit: LIMIT, ...(code() ? { code: code() } : {}) }
    return { queryKey: ['imports.errors', asked, failed, status], queryFn: () => api.imports.errors.query(asked) }
  })
  const path = () => `/api/v1/imports/${props.one.importId}`
  const isBill = () => hasDollars(props.one.kind)
  const retryable = () => props.reasons.reduce((sum, { retryableCount }) => sum + retryableCount, 0)
  /** Rows of what does not count are not read again. */
  const isRetried = () => !props.one.isDryRun && !['removed', 'cancelled'].includes(props.one.status)
  return (
    <>
      <Show when={props.reasons.length > 0}>
        <section class="panel" aria-labelledby="reasons-title">
          <header class="panel-head">
            <h2 id="reasons-title">Why rows were refused</h2>
          </header>
          <div class="panel-body">
            <Show when={isRetried()}>
              <ReasonHints reasons={props.reasons} mayChange={props.mayChange} onRetry={props.onRetry} />
            </Show>
            <ReasonTable
              reasons={props.reasons}
              isBill={isBill()}
              code={code()}
              onCode={(next) => setParams({ code: next, skip: null }, { scroll: false })}
            />
          </div>
        </section>
      </Show>
      <Panel
        title="Quarantined rows"
        query={errors}
        minHeight={140}
        isEmpty={(data) => data.total === 0 && code() === ''}
        empty={
          <p>{isUnderWay(props.one.status) ? 'No row has been refused so far.' : 'No row of this file was refused.'}</p>
        }
        actions={
          <Show when={props.one.failed > 0}>
            <Show when={props.mayChange && retryable() > 0}>
              <button type="button" class="button" onClick={() => props.onRetry()}>
                Read these rows again…
              </button>
            </Show>
            <Show when={retryable() > 0}>
              <DownloadButton
                path={`${path()}/rejects`}
                fileName={`rejects-${rejectsName(props.one)}`}
                label="Download rejects as a file of this format"
                text="Download rejects"
              />
            </Show>
            <DownloadButton
              path={`${path()}/errors`}
              fileName={`${props.one.importId}-errors.csv`}
              label="Reasons as CSV, of all quarantined rows"
              text="Reasons as CSV"
            />
          </Show>
        }
      >
        {(data) => (
          <>
            <Show when={code()}>
              <div class="chips">
                <button
                  type="button"
                  class="chip"
                  aria-label={`Remove filter code ${code()}`}
                  onClick={() => setParams({ code: null, skip: null }, { scroll: false })}
                >
                  <span class="chip-name">Code</span> {code()}
                  <Icon name="close" />
                </button>
              </div>
            </Show>
            <Show when={data().errors.length > 0} fallback={<p class="note">No row here.</p>}>
              <QuarantineTable rows={data().errors} isBill={isBill()} />
            </Show>
            <Pager of="the quarantined rows" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
    </>
  )
}

/** As the file was called, without the packing that the rejects do not have: rows of a Parquet file are kept as CSV. */
function rejectsName({ fileName, importId }: ImportView): string {
  const name = fileName.replace(/\.gz$/i, '').replace(/(\.csv)?\.parquet$/i, '.csv')
  return name === '' ? `${importId}.txt` : name
}
