import type { JSX } from 'solid-js'

/** Says that somebody else was faster, in a dialog about what they changed, and brings what is there now. */
export function ChangedNote(props: { onReload: () => void; children: JSX.Element }) {
  return (
    <div class="failure" role="alert">
      <p class="failure-title">Somebody changed it</p>
      <p>{props.children}</p>
      <button type="button" class="button" onClick={() => props.onReload()}>
        Reload
      </button>
    </div>
  )
}
