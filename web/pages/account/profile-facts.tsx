import { Show } from 'solid-js'
import { formatInstant } from '../../format/day.ts'
import { ROLES, type User } from '../../user.ts'

/** What Heliox knows of a person, and what the role lets them do. */
export function ProfileFacts(props: { user: User }) {
  const teams = () => props.user.teams.map(({ name }) => name).join(', ')
  return (
    <>
      <dl class="facts is-wide">
        <Show when={props.user.name}>
          <div>
            <dt>Name</dt>
            <dd>{props.user.name}</dd>
          </div>
        </Show>
        <div>
          <dt>E-mail</dt>
          <dd>{props.user.email}</dd>
        </div>
        <div>
          <dt>Role</dt>
          <dd>
            {ROLES[props.user.role].name} <span class="note">{ROLES[props.user.role].may}</span>
          </dd>
        </div>
        <div>
          <dt>Teams</dt>
          <dd>{teams() || (props.user.seesWholeCompany ? 'none: you see the whole company' : 'none yet')}</dd>
        </div>
        <Show when={props.user.createdAt}>
          {(createdAt) => (
            <div>
              <dt>Member since</dt>
              <dd>
                <time datetime={createdAt()}>{formatInstant(createdAt())}</time>
              </dd>
            </div>
          )}
        </Show>
      </dl>
      <p class="note">An administrator changes your role and your teams.</p>
    </>
  )
}
