import { A, useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { PageHeading } from '../components/page-heading.tsx'
import { NoTeam, PartialNote } from '../components/partial-note.tsx'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { MonthView } from './statements/month-view.tsx'
import { MonthsPanel } from './statements/months-panel.tsx'
import { SplitPanel } from './statements/split-panel.tsx'

/** Chargeback: months with their state, and a month's statement of all teams or of one. The address says which. */
export default function StatementsPage() {
  const user = useUser()
  const [params] = useSearchParams<{ month?: string; team?: string }>()
  return (
    <Show when={user()}>
      {(known) => (
        <Show when={!isWithoutTeam(known())} fallback={<WithoutTeam />}>
          <Show when={params.month} fallback={<Months user={known()} />}>
            {(month) => <MonthView month={month()} teamId={params.team} user={known()} />}
          </Show>
        </Show>
      )}
    </Show>
  )
}

function Months(props: { user: User }) {
  return (
    <div class="page">
      <div>
        <PageHeading title="Statements" />
        <p class="note">
          What each team is charged for a month, UTC. A closed month never changes: what comes later stands on the next
          one as an adjustment.{' '}
          <A class="no-print" href="/teams">
            Teams and budgets
          </A>
        </p>
      </div>
      <PartialNote user={props.user} />
      <MonthsPanel user={props.user} />
      <Show when={props.user.seesWholeCompany}>
        <SplitPanel mayDecide={props.user.role === 'admin'} />
      </Show>
    </div>
  )
}

function WithoutTeam() {
  return (
    <div class="page">
      <PageHeading title="Statements" />
      <NoTeam>Statements say what each team is charged for a month.</NoTeam>
    </div>
  )
}
