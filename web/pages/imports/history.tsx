import { useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api } from '../../api.ts'
import { Pager } from '../../components/pager.tsx'
import { Panel } from '../../components/panel.tsx'
import { FirstCommands } from './first-commands.tsx'
import { isNarrowed, questionOf, readHistory } from './history-choice.ts'
import { HistoryFilters } from './history-filters.tsx'
import { HistoryTable } from './history-table.tsx'
import { isUnderWay } from './kinds.ts'

const LIMIT = 20
const POLL_MS = 2_000
const NONE = { status: null, kind: null, format: null, source: null, file: null, skip: null }

/** Every file that came in, newest first. The address holds what narrows the list. */
export function History(props: { maySend: boolean; jobsOnly: boolean }) {
  const [params, setParams] = useSearchParams()
  const choice = () => readHistory(params)
  const [cleared, clearedAgain] = createSignal(0)
  const history = useQuery(() => ({
    queryKey: ['imports.list', choice()],
    queryFn: () => api.imports.list.query({ ...questionOf(choice()), limit: LIMIT }),
    // Somebody else's upload moves on, too.
    refetchInterval: ({ state }) => (state.data?.imports.some(({ status }) => isUnderWay(status)) ? POLL_MS : false),
  }))
  const clear = () => {
    setParams(NONE)
    clearedAgain(cleared() + 1)
  }
  // The answer to another question, shown until this one's is there, says nothing about the whole history.
  const isFirst = () =>
    !isNarrowed(choice()) && !history.isPending && !history.isPlaceholderData && history.data?.total === 0
  return (
    <Panel
      title="History"
      query={history}
      minHeight={280}
      // Filters that let nothing through stay in sight, to be changed.
      isEmpty={() => isFirst()}
      empty={
        <Show when={props.maySend} fallback={<p>No imports that you may see yet.</p>}>
          <FirstCommands jobsOnly={props.jobsOnly} />
        </Show>
      }
    >
      {(data) => (
        <>
          <HistoryFilters
            choice={choice()}
            cleared={cleared()}
            onChange={(change, options) => setParams({ ...change, skip: null }, options)}
            onClear={clear}
          />
          <Show
            when={data().imports.length > 0}
            fallback={
              <div class="empty">
                <p>{isNarrowed(choice()) ? 'No import matches.' : 'There are no imports this far back.'}</p>
                <button type="button" class="button" onClick={clear}>
                  Show all imports
                </button>
              </div>
            }
          >
            <HistoryTable imports={data().imports} />
          </Show>
          <Pager of="the history" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
        </>
      )}
    </Panel>
  )
}
