import { A, useSearchParams } from '@solidjs/router'
import { useQuery, useQueryClient } from '@tanstack/solid-query'
import { createEffect, createSignal, onCleanup, Show } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import { statusOf } from '../api.ts'
import { InTeam } from '../components/in-team.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { Panel } from '../components/panel.tsx'
import { formatCountOf } from '../format/count.ts'
import { askWhoIsHere } from '../queries.ts'
import type { User } from '../user.ts'
import { askModel, listModels, type Message, type Question } from './playground/ask-model.ts'
import { SameCall } from './playground/same-call.tsx'
import { type Settings, SettingsFields } from './playground/settings-fields.tsx'
import { type Turn, Turns } from './playground/turns.tsx'

/** What a screen reader is read of an answer, once it is whole. */
const MOST_READ = 2_000

/** Asks a model and shows its answer as it comes, with what it cost. */
export default function PlaygroundPage() {
  return (
    <InTeam title="Playground" why="Calls of models belong to a team.">
      {(user) => (
        <Show
          when={user().role === 'admin' || user().role === 'developer'}
          fallback={
            <div class="page">
              <PageHeading title="Playground" />
              <p class="note">Developers and administrators call models. An administrator can change your role.</p>
            </div>
          }
        >
          <Playground user={user()} />
        </Show>
      )}
    </InTeam>
  )
}

function Playground(props: { user: User }) {
  const client = useQueryClient()
  const [params, setParams] = useSearchParams<{ model?: string; team_id?: string }>()
  const [typed, setTyped] = createStore({ system: '', temperature: '', maxTokens: '' })
  const [draft, setDraft] = createSignal('')
  const [turns, setTurns] = createStore<Turn[]>([])
  const [said, say] = createSignal('')
  const [running, setRunning] = createSignal<AbortController | null>(null)
  let input!: HTMLTextAreaElement
  const isOwn = (id: string) => props.user.seesWholeCompany || props.user.teams.some((team) => team.id === id)
  const teamId = () => {
    const asked = params.team_id ?? ''
    if (/^team_\d+$/.test(asked) && isOwn(asked)) return asked
    return props.user.seesWholeCompany ? '' : (props.user.teams[0]?.id ?? '')
  }
  const models = useQuery(() => ({ queryKey: ['gateway.models', teamId()], queryFn: () => listModels(teamId()) }))
  const known = () => (models.isPending || models.isError ? [] : (models.data ?? []))
  const model = () => (known().includes(params.model ?? '') ? (params.model ?? '') : (known()[0] ?? ''))
  const settings = (): Settings => ({ ...typed, model: model(), teamId: teamId() })
  const change = ({ model: nextModel, teamId: nextTeam, ...own }: Partial<Settings>) => {
    setTyped(own)
    if (nextModel !== undefined) setParams({ model: nextModel }, { replace: true })
    if (nextTeam !== undefined) setParams({ team_id: nextTeam || null }, { replace: true })
  }
  const questionWith = (words: string, past: readonly Turn[] = turns): Question => {
    const number = (text: string) => (text === '' || Number.isNaN(Number(text)) ? null : Number(text))
    const before = past
      .filter(({ answer }) => answer !== '')
      .flatMap(({ question, answer }): Message[] => [
        { role: 'user', content: question },
        { role: 'assistant', content: answer },
      ])
    const system: Message[] = typed.system.trim() === '' ? [] : [{ role: 'system', content: typed.system }]
    return {
      ...{ model: model(), teamId: teamId() },
      messages: [...system, ...before, { role: 'user', content: words }],
      ...{ temperature: number(typed.temperature), maxTokens: number(typed.maxTokens) },
    }
  }
  /** What is being written, else what was asked last. */
  const shownCall = () => {
    const last = turns.at(-1)
    if (draft().trim() !== '' || !last) return questionWith(draft().trim() || 'Hello')
    return questionWith(last.question, turns.slice(0, -1))
  }
  const send = async () => {
    const words = draft().trim()
    if (words === '' || running() !== null || model() === '') return
    const [question, abort, at] = [questionWith(words), new AbortController(), turns.length]
    setTurns(at, { id: at, question: words, answer: '', ended: null, error: null })
    setRunning(abort)
    setDraft('')
    say('Answering…')
    try {
      const ended = await askModel(question, abort.signal, (piece) => setTurns(at, 'answer', (text) => text + piece))
      setTurns(at, 'ended', ended)
      const count = ended.usage ? ` ${formatCountOf(ended.usage.completionTokens, 'token')}.` : ''
      const how = ended.isStopped ? 'Stopped.' : ended.problem || 'Answered.'
      say(`${how}${count} ${turns[at]?.answer.slice(0, MOST_READ) ?? ''}`)
    } catch (error) {
      setTurns(at, { error })
      say(`Refused. ${error instanceof Error ? error.message : ''}`)
      if (statusOf(error) === 401) void askWhoIsHere(client)
    } finally {
      setRunning(null)
    }
  }
  const stop = () => running()?.abort()
  const clear = () => {
    setTurns(produce((all) => all.splice(0)))
    say('')
    input.focus()
  }
  onCleanup(stop)
  createEffect(() => {
    if (turns.length > 0) input.scrollIntoView({ block: 'nearest' })
  })
  return (
    <div class="page">
      <div class="page-head">
        <div>
          <PageHeading title="Playground" />
          <p class="note">Calls count: they are metered, and paid for like those of any client.</p>
        </div>
        <Show when={turns.length > 0 && running() === null}>
          <button type="button" class="button" onClick={clear}>
            New conversation
          </button>
        </Show>
      </div>
      <Panel
        title="Ask a model"
        query={models}
        minHeight={320}
        isEmpty={(data) => data.length === 0}
        empty={
          <p>
            No model is served yet.{' '}
            {props.user.role === 'admin' ? 'Add a backend first.' : 'An administrator adds backends.'}
          </p>
        }
      >
        {(data) => (
          <form
            class="playground"
            onSubmit={(event) => {
              event.preventDefault()
              void send()
            }}
          >
            <SettingsFields user={props.user} settings={settings()} models={data()} onChange={change} />
            <Turns turns={turns} />
            <label>
              Message
              <textarea
                ref={input}
                rows={3}
                value={draft()}
                placeholder="Ask something"
                onInput={(event) => setDraft(event.currentTarget.value)}
                onKeyDown={(event) => {
                  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                    event.preventDefault()
                    void send()
                  } else if (event.key === 'Escape') stop()
                }}
              />
            </label>
            <div class="playground-send">
              <Show
                when={running()}
                fallback={
                  <button type="submit" class="button is-primary" disabled={draft().trim() === ''}>
                    Send
                  </button>
                }
              >
                <button type="button" class="button is-danger" onClick={stop}>
                  Stop
                </button>
              </Show>
              <span class="note">Ctrl + Enter sends, Escape stops.</span>
            </div>
          </form>
        )}
      </Panel>
      <p class="visually-hidden" role="status" aria-live="polite">
        {said()}
      </p>
      <Show when={model()}>
        <SameCall question={shownCall()} />
      </Show>
      <p class="note">
        Every call stands under{' '}
        <A class="link" href="/requests">
          Requests
        </A>
        .
      </p>
    </div>
  )
}
