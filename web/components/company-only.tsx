import { type Accessor, type JSX, Show } from 'solid-js'
import { type User, useUser } from '../user.ts'
import { PageHeading } from './page-heading.tsx'

/**
 * A page about what is the whole company's and no team's. Who sees teams only is told so under the page's `title`, and no
 * question is asked. Nothing until it is known who is here.
 */
export function CompanyOnly(props: { title: string; why: string; children: (user: Accessor<User>) => JSX.Element }) {
  const user = useUser()
  return (
    <Show when={user()}>
      {(known) => (
        <Show
          when={known().seesWholeCompany}
          fallback={
            <div class="page">
              <PageHeading title={props.title} />
              <section class="panel empty is-large">
                <h2>Not open to you</h2>
                <p>{props.why} They are shown to administrators and finance.</p>
              </section>
            </div>
          }
        >
          {props.children(known)}
        </Show>
      )}
    </Show>
  )
}
