import { useSearchParams } from '@solidjs/router'
import { keepPreviousData, useQuery } from '@tanstack/solid-query'
import { For, Show } from 'solid-js'
import { api } from '../api.ts'
import { type Choice, TEAM_BASES } from '../choice/choice.ts'
import { addressOf } from '../choice/doors.ts'
import { useChoice } from '../choice/use-choice.ts'
import { CopyField } from '../components/copy-field.tsx'
import { HowComputed } from '../components/how-computed.tsx'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { PartialNote } from '../components/partial-note.tsx'
import { RangePicker } from '../components/range-picker.tsx'
import { StatCard } from '../components/stat-card.tsx'
import { rowName } from '../format/row-name.ts'
import { formatUsd } from '../format/usd.ts'
import type { User } from '../user.ts'
import { BothTable } from './what-if/both-table.tsx'
import { ChangeForm } from './what-if/change-form.tsx'
import { CHANGE_NAMES, type Changes, readChanges, wordsOf, writeChanges } from './what-if/changes.ts'

/** The ledger's very days once more, with other prices, providers, commitments or models. */
export default function WhatIfPage() {
  return (
    <InTeam title="What-if" why="A what-if replays what your teams cost.">
      {(user) => <WhatIf user={user()} />}
    </InTeam>
  )
}

function WhatIf(props: { user: User }) {
  const choice = useChoice(() => TEAM_BASES)
  const [params, setParams] = useSearchParams()
  const changes = () => readChanges(params)
  const set = (next: Changes) => setParams(writeChanges(next), { scroll: false })
  const asked = () => ({ ...choice.question(), ...changes() })
  const answer = useQuery(() => ({
    queryKey: ['analytics.replay', asked()],
    queryFn: () => api.analytics.replay.query(asked()),
    placeholderData: keepPreviousData,
    retry: false,
  }))
  const known = () => (answer.isPending ? undefined : answer.data)
  const listed = () => CHANGE_NAMES.flatMap((name) => changes()[name].map((text) => [name, text] as const))
  const remove = (name: (typeof CHANGE_NAMES)[number], text: string) =>
    set({ ...changes(), [name]: changes()[name].filter((one) => one !== text) })
  const signed = (amount: `${number}`) =>
    (amount.startsWith('-') || Number(amount) === 0 ? '' : '+') + formatUsd(amount)
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="What-if" />
          <p class="note">These very days once more. What no change is about stays as it was, to the nano-dollar.</p>
        </div>
        <div class="toolbar">
          <RangePicker
            range={choice.choice().range}
            days={choice.days()}
            today={choice.today()}
            onPick={(range) => choice.change({ range })}
          />
        </div>
      </div>
      <PartialNote user={props.user}>A GPU-hour is one that your teams held.</PartialNote>
      <section class="panel" aria-label="Changes">
        <div class="panel-body what-if-changes">
          <ChangeForm
            pools={known()?.pools ?? []}
            models={known()?.models ?? []}
            seesWholeCompany={props.user.seesWholeCompany}
            onAdd={(name, text) =>
              set({ ...changes(), [name]: [...changes()[name].filter((one) => one !== text), text] })
            }
          />
          <Show when={listed().length > 0} fallback={<p class="note">No change yet: before and after are the same.</p>}>
            <ul class="change-list">
              <For each={listed()}>
                {([name, text]) => (
                  <li>
                    <span>{wordsOf(name, text)}</span>
                    <button
                      type="button"
                      class="button is-quiet"
                      aria-label={`Take away: ${wordsOf(name, text)}`}
                      onClick={() => remove(name, text)}
                    >
                      Take away
                    </button>
                  </li>
                )}
              </For>
            </ul>
            <CopyField label="Link to this what-if" text={linkOf(choice.choice(), changes())} copy="Copy the link" />
          </Show>
        </div>
      </section>
      <Panel
        title="Before and after"
        query={answer}
        minHeight={240}
        isEmpty={({ teams, models, bought }) => teams.length + models.length + bought.length === 0}
        empty={<p>Nothing was billed or metered on these days.</p>}
        actions={
          <Show when={known()}>
            {(data) => (
              <HowComputed
                figure="the difference"
                formula={data().how}
                facts={[['Days', `${data().start} to ${data().end}`]]}
                doors={[['The actual cost', `/explore?start=${data().start}&end=${data().end}`]]}
              />
            )}
          </Show>
        }
      >
        {(data) => (
          <div class="what-if-answer">
            <dl class="cards" aria-live="polite">
              <StatCard title="Before" value={formatUsd(data().gpu.beforeUsd)}>
                GPUs and bill, as they were
              </StatCard>
              <StatCard title="After" value={formatUsd(data().gpu.afterUsd)}>
                {signed(data().gpu.differenceUsd)}
              </StatCard>
              <StatCard title="Bought tokens after" value={formatUsd(data().tokens.afterUsd)}>
                {formatUsd(data().tokens.beforeUsd)} before
              </StatCard>
              <StatCard title="Difference" value={signed(data().differenceUsd)}>
                {data().differenceUsd.startsWith('-')
                  ? 'Cheaper'
                  : Number(data().differenceUsd) === 0
                    ? 'The same'
                    : 'Dearer'}
              </StatCard>
            </dl>
            <Show when={data().notReplayed.length > 0}>
              <ul class="note what-if-gaps" role="status">
                <For each={data().notReplayed}>
                  {({ thing, missing }) => (
                    <li>
                      <b>{thing}</b> stays as it was. {missing}.
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <BothTable
              title="By team"
              first="Team"
              rows={data().teams.map((row) => ({ ...row, name: rowName(row) }))}
              total={data().gpu}
            />
            <BothTable
              title="By pool"
              first="Pool"
              rows={data().pools.map((row) => ({ ...row, name: `${row.provider} ${row.gpuType}`.trim() }))}
              total={data().gpu}
            />
            <Show when={data().models.length > 0}>
              <BothTable
                title="Bought tokens"
                first="Model and team"
                rows={data().models.map((row) => ({ ...row, name: `${row.model}, ${row.teamName ?? 'no team'}` }))}
                total={data().tokens}
              />
            </Show>
            <Show when={data().bought.length > 0}>
              <BothTable
                title="Bought instead of served"
                first="Model"
                rows={data().bought.map((row) => ({ ...row, name: row.model }))}
                total={data().serving}
              />
            </Show>
          </div>
        )}
      </Panel>
    </div>
  )
}

/** The address of these days, filters and changes: the browser's own comes a moment after them. */
function linkOf(choice: Choice, changes: Changes): string {
  const set = Object.fromEntries(Object.entries(writeChanges(changes)).filter(([, texts]) => texts !== null))
  return new URL(addressOf('/what-if', choice, set as Record<string, string[]>), location.origin).href
}
