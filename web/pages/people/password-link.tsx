import { ShownOnce } from '../../components/shown-once.tsx'
import { formatInstant } from '../../format/day.ts'

export type PasswordLink = { url: string; expiresAt: string }

/** A link that was just made, to be handed over by whoever made it. */
export function PasswordLinkBox(props: { email: string; link: PasswordLink }) {
  return (
    <ShownOnce label={`Link for ${props.email}`} text={props.link.url}>
      <p>
        Send it to them yourself: Heliox sends no mail and shows the link only now. It works once, until{' '}
        <time datetime={props.link.expiresAt}>{formatInstant(props.link.expiresAt)}</time>. Whoever opens it sets the
        password, so send it to nobody else.
      </p>
    </ShownOnce>
  )
}
