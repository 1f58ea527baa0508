import { useQuery } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../api.ts'
import { LastFigures } from '../components/not-up-to-date.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { useUser } from '../user.ts'
import { ChecksTable } from './monitoring/checks-table.tsx'
import { ClockTable } from './monitoring/clock-table.tsx'
import { LedgerFacts } from './monitoring/ledger-panel.tsx'
import { KeptFacts, QueueFacts } from './monitoring/queue-facts.tsx'
import { StateCards } from './monitoring/state-cards.tsx'
import { TrafficTable } from './monitoring/traffic-table.tsx'

const ASK_EVERY_MS = 15_000
const never = () => false

/** Whether Heliox itself is well, asked again as long as somebody looks. */
export default function MonitoringPage() {
  const user = useUser()
  const state = useQuery(() => ({
    queryKey: ['monitoring.state'],
    queryFn: () => api.monitoring.state.query(),
    refetchInterval: ASK_EVERY_MS,
  }))
  return (
    <div class="page">
      <div>
        <PageHeading title="Monitoring" />
        <p class="note">
          Whether Heliox itself works, and what to do where it does not. Renewed every 15 seconds while this page is
          open.
        </p>
      </div>
      <LastFigures queries={[state]} />
      <StateCards query={state} />
      <Panel title="Checks" query={state} minHeight={290} isEmpty={never} empty={undefined}>
        {(data) => <ChecksTable health={data().health} />}
      </Panel>
      <Panel title="Clock" query={state} minHeight={230} isEmpty={never} empty={undefined}>
        {(data) => <ClockTable clock={data().clock} now={data().health.timestamp} />}
      </Panel>
      <Panel title="Requests" query={state} minHeight={290} isEmpty={never} empty={undefined}>
        {(data) => <TrafficTable traffic={data().traffic} at={data().health.timestamp} />}
      </Panel>
      <div class="monitoring-pair">
        <Panel title="Ledger" query={state} minHeight={230} isEmpty={never} empty={undefined}>
          {(data) => (
            <Show when={user()}>{(known) => <LedgerFacts state={data()} mayKeep={known().role === 'admin'} />}</Show>
          )}
        </Panel>
        <Panel title="Imports" query={state} minHeight={120} isEmpty={never} empty={undefined}>
          {(data) => <QueueFacts imports={data().imports} />}
        </Panel>
        <Panel title="Answers from memory" query={state} minHeight={120} isEmpty={never} empty={undefined}>
          {(data) => <KeptFacts cache={data().answerCache} />}
        </Panel>
      </div>
    </div>
  )
}
