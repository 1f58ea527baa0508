import { A, useSearchParams } from '@solidjs/router'
import { useMutation, useQuery, useQueryClient } from '@tanstack/solid-query'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { type Answers, api } from '../api.ts'
import { readSkip } from '../choice/skip.ts'
import { FailureNote } from '../components/failure-note.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Pager } from '../components/pager.tsx'
import { Panel } from '../components/panel.tsx'
import { formatInstant } from '../format/day.ts'
import { useUser } from '../user.ts'
import { HistoryList } from './owner-rules/history-list.tsx'
import { PreviewTable } from './owner-rules/preview-table.tsx'
import { type Opened, RuleDialogs } from './owner-rules/rule-dialogs.tsx'
import { RuleTable } from './owner-rules/rule-table.tsx'
import { conditionOf, type Rule } from './owner-rules/rule-words.ts'

type Listed = Answers['ownerRules']['list']

const LIMIT = 100
const SETS = 10
const RULES = ['ownerRules.list']
/** How often a page looks how far an application is. */
const LOOK_MS = 4_000

/** Who pays: rules that give charges and jobs to teams, what they would move, and what was applied. */
export default function OwnerRulesPage() {
  const user = useUser()
  const mayWrite = () => user()?.role === 'admin'
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ skip?: string }>()
  const [opened, open] = createSignal<Opened | null>(null)
  const [failure, setFailure] = createSignal<unknown>(null)
  const [said, say] = createSignal('')
  const rules = useQuery(() => ({
    queryKey: RULES,
    queryFn: everyRule,
    refetchInterval: (query) => (query.state.data?.inForce?.isDone === false ? LOOK_MS : false),
  }))
  const isChanged = () => rules.data?.isApplied === false
  const preview = useQuery(() => ({
    queryKey: ['ownerRules.preview'],
    queryFn: () => api.ownerRules.preview.query(),
    enabled: isChanged(),
  }))
  const history = useQuery(() => ({
    queryKey: ['ownerRules.history', readSkip(params.skip)],
    queryFn: () => api.ownerRules.history.query({ skip: readSkip(params.skip), limit: SETS }),
  }))
  const move = useMutation(() => ({
    mutationFn: (ids: string[]) => api.ownerRules.reorder.mutate({ ids }),
    onError: setFailure,
    onSettled: () => void client.invalidateQueries(),
  }))
  const moveBy = (rule: Rule, by: -1 | 1) => {
    const listed = rules.data?.rules ?? []
    const at = listed.findIndex(({ id }) => id === rule.id)
    const order = listed.toSpliced(at, 1).toSpliced(at + by, 0, rule)
    const focus = `${by < 0 ? 'up' : 'down'} ${rule.id}`
    setFailure(null)
    client.setQueryData<Listed>(RULES, (known) => known && { ...known, rules: order })
    say(`${conditionOf(rule)} is number ${at + by + 1} of ${order.length} now`)
    // Rows take their new rules a moment later; the button of this rule is in another row then.
    setTimeout(() => document.querySelector<HTMLElement>(`[data-moves="${focus}"]`)?.focus())
    move.mutate(order.map(({ id }) => id))
  }
  const about = (dialog: 'edit' | 'remove') => (rule: Rule) => {
    setFailure(null)
    api.ownerRules.get.query({ id: rule.id }).then((now) => open({ dialog, rule: now }), setFailure)
  }
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Who pays" />
          <p class="note">
            Rules give charges of bills, and jobs, to teams. Everything that no rule gives away is shared over the jobs
            of its day. Which lines are GPUs is under <A href="/gpu-mapping">GPU mapping</A>.
          </p>
        </div>
        <Show when={mayWrite()}>
          <button type="button" class="button is-primary" onClick={() => open({ dialog: 'new' })}>
            New rule
          </button>
        </Show>
      </div>
      <Show when={failure()}>{(error) => <FailureNote title="That did not work" error={error()} />}</Show>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Panel
        title="Rules"
        query={rules}
        minHeight={180}
        isEmpty={(data) => data.total === 0 && data.inForce === null}
        empty={
          <p>
            No rules yet. One may say that the charges of an account are a team’s, that a shared service is split, or
            that the jobs of a user belong to another team than their file says.
          </p>
        }
      >
        {(data) => (
          <>
            <p class="note">
              <Standing of={data()} />
            </p>
            <Show when={data().total > 0} fallback={<p class="empty">The list is empty.</p>}>
              <RuleTable
                rules={data().rules}
                mayWrite={mayWrite()}
                isMoving={move.isPending}
                onMove={moveBy}
                onEdit={about('edit')}
                onRemove={about('remove')}
              />
            </Show>
          </>
        )}
      </Panel>
      <Show when={isChanged()}>
        <Panel
          title="What would move"
          query={preview}
          minHeight={160}
          isEmpty={() => false}
          empty={null}
          actions={
            <Show when={mayWrite()}>
              <button
                type="button"
                class="button is-primary"
                disabled={!preview.data}
                onClick={() => open({ dialog: 'apply' })}
              >
                Apply to history
              </button>
            </Show>
          }
        >
          {(data) => <PreviewTable of={data()} />}
        </Panel>
      </Show>
      <Panel
        title="Applied"
        query={history}
        minHeight={120}
        isEmpty={(data) => data.total === 0}
        empty={<p>Nothing was applied yet: costs go to teams by the jobs that they run.</p>}
      >
        {(data) => (
          <>
            <HistoryList sets={data().sets} />
            <Pager of="what was applied" page={data()} onSkip={(next) => setParams({ skip: next || null })} />
          </>
        )}
      </Panel>
      <RuleDialogs opened={opened()} preview={preview.data} onOpen={open} />
    </div>
  )
}

/** Whether the list is in force as it stands, in a sentence. */
function Standing(props: { of: Listed }) {
  return (
    <Switch fallback="Nothing was applied yet. The first rule that matches decides; nothing moves until you apply them.">
      <Match when={props.of.inForce && !props.of.isApplied}>
        The list has changed since it was applied: nothing moves until you apply it again.
      </Match>
      <Match when={props.of.inForce?.isDone === false}>
        These rules are in force, and history is being gone through. It goes on by itself.
      </Match>
      <Match when={props.of.inForce}>
        {(set) => `In force since ${formatInstant(set().appliedAt)}. The first rule that matches decides.`}
      </Match>
    </Switch>
  )
}

async function everyRule(): Promise<Listed> {
  let page = await api.ownerRules.list.query({ skip: 0, limit: LIMIT })
  const found = [...page.rules]
  while (page.hasMore && page.rules.length > 0) {
    page = await api.ownerRules.list.query({ skip: found.length, limit: LIMIT })
    found.push(...page.rules)
  }
  return { ...page, rules: found }
}
