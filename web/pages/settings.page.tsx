import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { PageHeading } from '../components/page-heading.tsx'
import { useUser } from '../user.ts'
import { AnomalyPanel } from './settings/anomaly-panel.tsx'
import { NodeSplitPanel } from './settings/node-split-panel.tsx'
import { SplitPanel } from './statements/split-panel.tsx'

/** What the company has decided for everybody: administrators decide, others read. */
export default function SettingsPage() {
  const user = useUser()
  return (
    <div class="page">
      <div>
        <PageHeading title="Settings" />
        <p class="note">
          What the company has decided for everybody.
          <Show when={user() && user()?.role !== 'admin'}> Administrators change it.</Show>
        </p>
      </div>
      <Show when={user()}>
        {(known) => (
          <>
            <NodeSplitPanel mayDecide={known().role === 'admin'} />
            <SplitPanel mayDecide={known().role === 'admin'} />
            <AnomalyPanel mayDecide={known().role === 'admin'} />
            <section class="panel" aria-label="Decided elsewhere">
              <p>
                Decided on their own pages: <A href="/owner-rules">who pays</A>,{' '}
                <A href="/gpu-mapping">GPU mapping and currency rates</A>, <A href="/sources">sources</A>,{' '}
                <A href="/teams">budgets</A>, <A href="/alerts">alerts</A> and{' '}
                <A href="/channels">where they are told</A>.
              </p>
              <p class="note">
                Each change has a line in the audit log: <A href="/audit?action=settings">changes of settings</A>.
              </p>
            </section>
          </>
        )}
      </Show>
    </div>
  )
}
