import { createSignal, createUniqueId, For, Show } from 'solid-js'
import type { Answers } from '../../api.ts'
import { formatInstant } from '../../format/day.ts'
import { changesOf, fieldText, valueText } from './changes.ts'

export type Entry = Answers['audit']['list']['entries'][number]

/** The entries, newest first; each opens to what it changed. */
export function AuditTable(props: { entries: readonly Entry[]; onTarget: (targetId: string) => void }) {
  return (
    <section class="table-scroll" tabindex="0" aria-label="Audit log">
      <table class="audit is-cards">
        <caption class="visually-hidden">Audit log, newest first</caption>
        <thead>
          <tr>
            <For each={['When', 'Who', 'Action', 'Target', 'From', 'Changes']}>
              {(title) => <th scope="col">{title}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          <For each={props.entries}>{(entry) => <EntryRows of={entry} onTarget={props.onTarget} />}</For>
        </tbody>
      </table>
    </section>
  )
}

function EntryRows(props: { of: Entry; onTarget: (targetId: string) => void }) {
  const id = createUniqueId()
  const [open, setOpen] = createSignal(false)
  return (
    <>
      <tr>
        <td data-label="When" class="nowrap">
          <time datetime={props.of.createdAt}>{formatInstant(props.of.createdAt)}</time>
        </td>
        <th scope="row" class="audit-name">
          {props.of.actor}
        </th>
        <td data-label="Action">
          <code>{props.of.action}</code>
        </td>
        <td data-label="Target" class="audit-name">
          <Show when={props.of.targetId} fallback={props.of.target}>
            {(targetId) => (
              <button
                type="button"
                class="link"
                data-hint={`Only what happened to ${targetId()}`}
                onClick={() => props.onTarget(targetId())}
              >
                {props.of.target || targetId()}
              </button>
            )}
          </Show>
        </td>
        <td data-label="From" class="mono">
          {props.of.address || '–'}
        </td>
        <td class="row-actions">
          <button
            type="button"
            class="button is-quiet"
            aria-expanded={open()}
            aria-controls={id}
            aria-label={`${open() ? 'Hide' : 'Show'} details of ${props.of.action} ${props.of.target}`}
            onClick={() => setOpen(!open())}
          >
            {open() ? 'Hide' : 'Show'}
          </button>
        </td>
      </tr>
      <tr id={id} class="audit-details" hidden={!open()}>
        <td colspan="6">
          <Show when={open()}>
            <Details of={props.of} />
          </Show>
        </td>
      </tr>
    </>
  )
}

function Details(props: { of: Entry }) {
  const changes = () => changesOf(props.of.before, props.of.after)
  return (
    <div class="audit-box">
      <Show when={changes().length > 0} fallback={<p class="note">No fields are noted for this.</p>}>
        <table>
          <caption class="visually-hidden">What changed</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            <For each={changes()}>
              {({ field, before, after }) => (
                <tr>
                  <th scope="row">{fieldText(field)}</th>
                  <td class="audit-before">{valueText(before)}</td>
                  <td class="audit-after">{valueText(after)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <p class="note">
        <Show when={props.of.actorId}>
          By <code>{props.of.actorId}</code> ·{' '}
        </Show>
        <Show when={props.of.targetId}>
          target <code>{props.of.targetId}</code> ·{' '}
        </Show>
        request <code>{props.of.requestId || '–'}</code>
      </p>
    </div>
  )
}
