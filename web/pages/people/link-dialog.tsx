import { SecretDialog } from '../../components/secret-dialog.tsx'
import { formatInstant } from '../../format/day.ts'

export type PasswordLink = { url: string; expiresAt: string }

/** The one look at a link that sets a password, to be handed over by whoever made it. */
export function LinkDialog(props: { title: string; email: string; link: PasswordLink; onClose: () => void }) {
  return (
    <SecretDialog
      title={props.title}
      label={`Link for ${props.email}`}
      secret={props.link.url}
      copy="Copy the link"
      done="I have copied it"
      onClose={props.onClose}
    >
      <p class="note">
        Send it to them yourself: Heliox sends no mail and shows the link only now. It works once, until{' '}
        <time datetime={props.link.expiresAt}>{formatInstant(props.link.expiresAt)}</time>. Whoever opens it sets the
        password, so send it to nobody else.
      </p>
    </SecretDialog>
  )
}
