import { A, useSearchParams } from '@solidjs/router'
import { useQuery } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { readSkip } from '../choice/skip.ts'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import type { FirstQueries } from '../page.tsx'
import { useUser } from '../user.ts'
import { AlertDialogs, type Opened } from './alerts/alert-dialogs.tsx'
import { FiringList } from './alerts/firing-list.tsx'
import { HistoryTable } from './alerts/history-table.tsx'
import { alertKinds, alertRules, LOOK_MS, openAlerts, pastAlerts } from './alerts/queries.ts'
import { type OpenedRule, RuleDialogs } from './alerts/rule-dialogs.tsx'
import { RuleTable } from './alerts/rule-table.tsx'
import { SilenceList } from './alerts/silence-list.tsx'

export const firstQueries: FirstQueries = () => [openAlerts(undefined), alertRules(0), alertKinds()]

/** What fires now, the rules that find it, and what is over. */
export default function AlertsPage() {
  const [params, setParams] = useSearchParams<{ skip?: string; rules?: string; rule?: string; alert?: string }>()
  const [openedAlert, openAlert] = createSignal<Opened | null>(null)
  const [openedRule, openRule] = createSignal<OpenedRule | null>(null)
  const user = useUser()
  const mayWrite = () => user() !== undefined && user()?.role !== 'viewer'
  const ruleId = () => (/^arule_[1-9]\d*$/.test(params.rule ?? '') ? params.rule : undefined)
  const linked = () => (/^alert_[1-9]\d*$/.test(params.alert ?? '') ? params.alert : undefined)
  const open = useQuery(() => ({ ...openAlerts(ruleId()), refetchInterval: LOOK_MS }))
  const past = useQuery(() => ({ ...pastAlerts(ruleId(), readSkip(params.skip)), refetchInterval: LOOK_MS * 4 }))
  const rules = useQuery(() => ({ ...alertRules(readSkip(params.rules)), refetchInterval: LOOK_MS }))
  const kinds = useQuery(alertKinds)
  const known = () => (kinds.isPending ? [] : (kinds.data ?? []))
  const closeAlert = () => {
    openAlert(null)
    if (params.alert) setParams({ alert: null })
  }
  /** A link from a message leads to an alert's history. */
  const shown = (): Opened | null => {
    const id = linked()
    return openedAlert() ?? (id ? { dialog: 'history', id } : null)
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Alerts" />
          <p class="note">
            What Heliox finds by itself, looked at each minute. An alert is told once, again after its interval, and
            when it is over.
          </p>
        </div>
        <Show when={mayWrite() && known().length > 0}>
          <button type="button" class="button is-primary" onClick={() => openRule({ dialog: 'new' })}>
            New rule
          </button>
        </Show>
      </div>
      <Show when={user()}>
        {(reader) => <PartialNote user={reader()}>You see the rules and alerts of your teams.</PartialNote>}
      </Show>
      <Show when={ruleId()}>
        <p class="note">
          Alerts of one rule. <A href="/alerts">Show all</A>
        </p>
      </Show>
      <Panel
        title="Firing now"
        query={open}
        minHeight={180}
        isEmpty={(data) => data.total === 0}
        empty={<p>Nothing fires. Rules that do not know say so below.</p>}
      >
        {(data) => (
          <>
            <FiringList alerts={data().alerts} kinds={known()} mayWrite={mayWrite()} onOpen={openAlert} />
            <Show when={data().hasMore}>
              <p class="note">
                The newest {data().alerts.length} of {data().total}.
              </p>
            </Show>
          </>
        )}
      </Panel>
      <SilenceList mayWrite={mayWrite()} />
      <Panel
        title="Rules"
        query={rules}
        minHeight={260}
        isEmpty={(data) => data.total === 0}
        empty={<p>{mayWrite() ? 'No rules yet. Make the first one.' : 'Your teams have no rules yet.'}</p>}
      >
        {(data) => (
          <>
            <RuleTable rules={data().rules} kinds={known()} mayWrite={mayWrite()} onOpen={openRule} />
            <Pager of="the rules" page={data()} onSkip={(next) => setParams({ rules: next || null })} />
          </>
        )}
      </Panel>
      <Panel
        title="History"
        query={past}
        minHeight={160}
        isEmpty={(data) => data.total === 0}
        empty={<p>Nothing is over yet. Alerts are kept for 400 days.</p>}
      >
        {(data) => (
          <>
            <HistoryTable alerts={data().alerts} onOpen={(id) => openAlert({ dialog: 'history', id })} />
            <Pager of="the history" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <AlertDialogs opened={shown()} onClose={closeAlert} />
      <RuleDialogs opened={openedRule()} kinds={known()} onOpen={openRule} />
    </div>
  )
}
