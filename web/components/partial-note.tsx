import { type JSX, Show } from 'solid-js'

/** Says beside figures that they are of some teams and not of the whole company; nothing for who sees all. */
export function PartialNote(props: {
  user: { seesWholeCompany: boolean; teams: readonly { name: string }[] }
  children?: JSX.Element
}) {
  const names = () => props.user.teams.map(({ name }) => name).join(', ')
  return (
    <Show when={!props.user.seesWholeCompany && props.user.teams.length > 0}>
      <p class="partial">
        <b>Your teams only:</b> {names()}. {props.children}
      </p>
    </Show>
  )
}

/** For a person who is in no team, and so sees nothing: what to do. */
export function NoTeam(props: { children: JSX.Element }) {
  return (
    <section class="panel empty is-large">
      <h2>You are not in a team yet</h2>
      <p>{props.children}</p>
      <p>Ask an administrator to add you to a team.</p>
    </section>
  )
}
