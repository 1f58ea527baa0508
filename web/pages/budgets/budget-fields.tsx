import { useQuery } from '@tanstack/solid-query'
import { createSignal, For, Match, Show, Switch } from 'solid-js'
import { api, type Questions } from '../../api.ts'
import { TextField } from '../../components/text-field.tsx'
import type { Form } from '../../forms/create-form.ts'
import { useTeams } from '../../teams.ts'
import type { Budget } from './budget-line.tsx'

/** The fields that say themselves what the server thinks of them, under the server's names. */
export const BUDGET_FIELDS = ['scope_id', 'limit_usd', 'limit_tokens'] as const

const SCOPES = { company: 'Whole company', team: 'A team', user: 'A person', key: 'A key', model: 'A model' } as const
type Scope = keyof typeof SCOPES
const MOST = 100

/** Whose budget, of which period, and how much. */
export function NewBudgetFields(props: { problem: Form['problem'] }) {
  const [scope, setScope] = createSignal<Scope>('company')
  const { own: teams } = useTeams(() => scope() === 'team')
  const people = useQuery(() => ({
    queryKey: ['users.list', 'for budgets'],
    queryFn: () => api.users.list.query({ skip: 0, limit: MOST }),
    enabled: scope() === 'user',
  }))
  const keys = useQuery(() => ({
    queryKey: ['keys.list', 'for budgets'],
    queryFn: () => api.keys.list.query({ skip: 0, limit: MOST }),
    enabled: scope() === 'key',
  }))
  const offered = (): { id: string; name: string }[] => {
    if (scope() === 'team') return [...(teams() ?? [])]
    if (scope() === 'key') return keys.isPending ? [] : (keys.data?.keys ?? [])
    return people.isPending ? [] : (people.data?.users ?? []).map(({ id, email }) => ({ id, name: email }))
  }
  return (
    <>
      <div class="field-row">
        <label>
          Whose calls
          <select name="scope" onChange={(event) => setScope(event.currentTarget.value as Scope)}>
            <For each={Object.entries(SCOPES)}>{([id, name]) => <option value={id}>{name}</option>}</For>
          </select>
        </label>
        <Switch>
          <Match when={scope() === 'model'}>
            <TextField
              label="Model"
              name="scope_id"
              autocomplete="off"
              maxlength={200}
              hint="As clients ask for it."
              problem={props.problem('scope_id')}
            />
          </Match>
          <Match when={scope() !== 'company'}>
            <label>
              Which
              <select name="scope_id">
                <For each={offered()}>{({ id, name }) => <option value={id}>{name}</option>}</For>
              </select>
              <span class="field-problem" role="alert">
                {props.problem('scope_id')}
              </span>
            </label>
          </Match>
        </Switch>
        <label>
          Period
          <select name="period">
            <option value="month">Month</option>
            <option value="day">Day</option>
          </select>
        </label>
      </div>
      <LimitFields problem={props.problem} />
    </>
  )
}

/** How much, in dollars or tokens, and what happens at the limit. */
export function LimitFields(props: { of?: Budget; problem: Form['problem'] }) {
  const [unit, setUnit] = createSignal<'usd' | 'tokens'>(props.of?.limitTokens != null ? 'tokens' : 'usd')
  return (
    <div class="field-row">
      <label>
        Limit in
        <select
          name="unit"
          value={unit()}
          onChange={(event) => setUnit(event.currentTarget.value === 'tokens' ? 'tokens' : 'usd')}
        >
          <option value="usd">US dollars</option>
          <option value="tokens">Tokens</option>
        </select>
      </label>
      <Show
        when={unit() === 'usd'}
        fallback={
          <TextField
            label="Tokens"
            name="limit_tokens"
            inputmode="numeric"
            autocomplete="off"
            value={props.of?.limitTokens ?? ''}
            problem={props.problem('limit_tokens') ?? props.problem('limit_usd')}
          />
        }
      >
        <TextField
          label="USD"
          name="limit_usd"
          inputmode="decimal"
          autocomplete="off"
          value={props.of?.limitUsd ?? ''}
          placeholder="e.g. 250"
          problem={props.problem('limit_usd')}
          hint="A hard budget of 0 refuses every call that has a price."
        />
      </Show>
      <label>
        At the limit
        <select name="mode" value={props.of?.mode ?? 'hard'}>
          <option value="hard">Refuse calls (hard)</option>
          <option value="soft">Only say so (soft)</option>
        </select>
      </label>
    </div>
  )
}

/** What the fields say; the server checks it. */
export function limitIn(form: FormData): Pick<Questions['budgets']['create'], 'limitUsd' | 'limitTokens' | 'mode'> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const mode = text('mode') === 'soft' ? 'soft' : 'hard'
  if (text('unit') === 'tokens')
    return { mode, limitTokens: text('limit_tokens') === '' ? null : Number(text('limit_tokens').replace(/[ ,]/g, '')) }
  return { mode, limitUsd: text('limit_usd') || null }
}

export function newBudgetIn(form: FormData): Questions['budgets']['create'] {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  const scope = text('scope') as Scope
  return {
    ...{ scope, period: text('period') === 'day' ? 'day' : 'month', ...limitIn(form) },
    ...(scope === 'company' ? {} : { scopeId: text('scope_id') }),
  }
}
