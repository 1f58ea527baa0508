import { ShareFields, type Shares, sharesIn } from '../../components/share-fields.tsx'
import { createForm } from '../../forms/create-form.ts'

/** The three shares to try: what the server would not take stands beside its field, and nothing is asked. */
export function SharesForm(props: { shares: Shares; onPick: (shares: Shares) => void }) {
  const form = createForm({
    fields: ['shares'],
    schema: () => import('../../../worker/settings/node-split-input.ts').then(({ SharesTried }) => SharesTried),
    read: (fields) => ({ shares: sharesIn(fields) }),
    send: async ({ shares }) => props.onPick(shares),
  })
  return (
    <form class="method-shares" novalidate onSubmit={form.onSubmit} onInput={form.onInput}>
      <ShareFields shares={props.shares} at="shares" problem={form.problem} />
      <button type="submit" class="button" disabled={form.isBusy()}>
        Apply
      </button>
    </form>
  )
}
