import { CopyButton } from '../../components/copy-button.tsx'
import { Modal } from '../../components/modal.tsx'
import type { Key } from './key-table.tsx'

/** The one look at a key, with a call to try it. It closes by its button only. */
export function ShownKey(props: { of: Key; text: string; onClose: () => void }) {
  const curl = () => `export HELIOX_API_KEY=${props.text}\n${exampleOf(props.of)}`
  return (
    <Modal title={`Your key ${props.of.name}`} isLocked onClose={props.onClose}>
      <div class="dialog-form">
        <p>
          <strong>Copy it now.</strong> Heliox keeps only a fingerprint of it and cannot show it again.
        </p>
        <div class="shown-key">
          <code>{props.text}</code>
          <CopyButton text={props.text} label="Copy the key" />
        </div>
        <p class="note">Try it:</p>
        <section class="example" tabindex="0" aria-label="Example call">
          <pre>{curl()}</pre>
        </section>
        <CopyButton text={curl()} label="Copy the example" />
        <div class="dialog-actions">
          <button type="button" class="button is-primary" onClick={() => props.onClose()}>
            I have stored it
          </button>
        </div>
      </div>
    </Modal>
  )
}

function exampleOf({ scopes }: Key): string {
  const call = `curl -H "Authorization: Bearer $HELIOX_API_KEY"`
  const api = `${window.location.origin}/api/v1`
  if (scopes.includes('ingest')) return `${call} \\\n  --data-binary @costs.csv "${api}/imports?format=auto"`
  return `${call} \\\n  ${api}/auth/me`
}
