import { type Accessor, type JSX, Show } from 'solid-js'
import { isWithoutTeam, type User, useUser } from '../user.ts'
import { PageHeading } from './page-heading.tsx'
import { NoTeam } from './partial-note.tsx'

/**
 * A page for those who see rows of some team. Who is in none is told what to do, under the page's `title`, and no question
 * is asked, since every answer would be nothing. Nothing until it is known who is here.
 */
export function InTeam(props: { title: string; why: string; children: (user: Accessor<User>) => JSX.Element }) {
  const user = useUser()
  return (
    <Show when={user()}>
      {(known) => (
        <Show
          when={!isWithoutTeam(known())}
          fallback={
            <div class="page">
              <PageHeading title={props.title} />
              <NoTeam>{props.why}</NoTeam>
            </div>
          }
        >
          {props.children(known)}
        </Show>
      )}
    </Show>
  )
}
