import { CopyField } from '../../components/copy-field.tsx'
import { SecretDialog } from '../../components/secret-dialog.tsx'
import type { Key } from './key-table.tsx'

/** The one look at a key, with a call to try it. */
export function ShownKey(props: { of: Key; text: string; onClose: () => void }) {
  return (
    <SecretDialog
      title={`Your key ${props.of.name}`}
      label="Key"
      secret={props.text}
      copy="Copy the key"
      done="I have stored it"
      onClose={props.onClose}
    >
      <p>
        <strong>Copy it now.</strong> Heliox keeps only a fingerprint of it and cannot show it again.
      </p>
      <CopyField
        label="Example call"
        class="is-code"
        text={`export HELIOX_API_KEY=${props.text}\n${exampleOf(props.of)}`}
        copy="Copy the example"
      />
    </SecretDialog>
  )
}

function exampleOf({ scopes, teamId }: Key): string {
  const call = `curl -H "Authorization: Bearer $HELIOX_API_KEY"`
  const api = `${window.location.origin}/api/v1`
  // A key of a team may send jobs and no bills.
  const [file, format] = teamId === null ? ['costs.csv', 'auto'] : ['jobs.csv', 'jobs-csv']
  if (scopes.includes('ingest')) return `${call} \\\n  --data-binary @${file} "${api}/imports?format=${format}"`
  return `${call} \\\n  ${api}/auth/me`
}
