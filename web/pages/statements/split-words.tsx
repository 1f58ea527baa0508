import { Show } from 'solid-js'
import type { Statement } from './statement-queries.ts'

/** How what nobody was charged was split, in the words that a closed month keeps. */
export function SplitWords(props: { statement: Statement; teamId?: string }) {
  const { statement } = props
  const weights = () =>
    statement.split.weights
      ?.filter(({ teamId }) => !props.teamId || teamId === props.teamId)
      .map(({ teamId, weight }) => {
        const name = statement.teams.find((team) => team.teamId === teamId)?.teamName ?? teamId
        return `${name} ${weight}`
      })
      .join(', ')
  return (
    <p class="note statement-split">
      <b>{statement.split.title}.</b> {statement.split.formula}
      <Show when={weights()}>{(words) => <> Weights: {words()}.</>}</Show>{' '}
      <span class="nowrap">
        ({statement.split.method}, version {statement.split.version})
      </span>
    </p>
  )
}
