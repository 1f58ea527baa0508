import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { type Day, parseDay } from '../../../db/units/time.ts'
import { type Days, endingOn } from '../../choice/range.ts'
import { formatDays } from '../../format/day.ts'
import { mayImport, type User } from '../../user.ts'
import { useNewestDay } from './token-queries.ts'

/** What is accepted, and how it is got. */
const EXPORTS = [
  {
    name: 'OpenAI',
    how: 'The usage API, with an admin key. Put the pages one after the other into one file.',
    command:
      'curl "https://api.openai.com/v1/organization/usage/completions?start_time=1769904000&bucket_width=1d&limit=31&group_by=project_id&group_by=model" -H "Authorization: Bearer $OPENAI_ADMIN_KEY" > usage.json',
  },
  {
    name: 'Anthropic',
    how: 'The usage report, with an admin key.',
    command:
      'curl "https://api.anthropic.com/v1/organizations/usage_report/messages?starting_at=2026-02-01T00:00:00Z&group_by[]=workspace_id&group_by[]=model" -g -H "x-api-key: $ANTHROPIC_ADMIN_KEY" -H "anthropic-version: 2023-06-01" > usage.json',
  },
  {
    name: 'LiteLLM',
    how: 'The spend logs, from its database or from GET /spend/logs?summarize=false.',
    command: `psql "$DATABASE_URL" -c '\\copy (select * from "LiteLLM_SpendLogs") to spend.csv csv header'`,
  },
  {
    name: 'Any other gateway',
    how: 'A CSV with one request a row. Names may differ; a time and tokens are needed.',
    command: 'timestamp,team,model,prompt_tokens,cached_tokens,completion_tokens,cost_usd,status',
  },
] as const

/** What to do when the window has no calls: go to where they are, or import some. */
export function NoTokens(props: { user: User; days: Days; onJump: (days: Days) => void }) {
  const newest = useNewestDay(() => true)
  const latest = (): Day | null => parseDay((newest.isPending ? undefined : newest.data?.day) ?? '')
  return (
    <section class="panel empty is-large">
      <h2>{titleOf(props.days)}</h2>
      <Show when={latest()} fallback={<HowToGet user={props.user} />}>
        {(day) => (
          <>
            <p>The latest calls are of {formatDays(day(), day())}.</p>
            <button type="button" class="button is-primary" onClick={() => props.onJump(endingOn(props.days, day()))}>
              Jump to the latest calls
            </button>
          </>
        )}
      </Show>
    </section>
  )
}

function titleOf({ start, end }: Days): string {
  const [first, last] = [formatDays(start, start), formatDays(end, end)]
  return first === last ? `No calls on ${first}` : `No calls between ${first} and ${last}`
}

function HowToGet(props: { user: User }) {
  return (
    <>
      <p>
        {props.user.seesWholeCompany
          ? 'No usage of language models has been imported yet. These exports are accepted:'
          : 'No usage of your teams’ has been imported yet. These exports are accepted:'}
      </p>
      <dl class="tokens-exports">
        <For each={EXPORTS}>
          {({ name, how, command }) => (
            <div>
              <dt>{name}</dt>
              <dd>{how}</dd>
              <dd>
                <code class="mono">{command}</code>
              </dd>
            </div>
          )}
        </For>
      </dl>
      <Show when={mayImport(props.user)}>
        <A class="button is-primary" href="/imports">
          Import a file
        </A>
      </Show>
    </>
  )
}
