import { createUniqueId, type JSX, Show, splitProps } from 'solid-js'

/** A labelled input with a word beforehand, `hint`, and what the server thinks of it, `problem`. */
export function TextField(
  props: Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'id' | 'class'> & {
    label: string
    name: string
    hint?: string | undefined
    problem?: string | undefined
  },
) {
  const id = createUniqueId()
  const [own, input] = splitProps(props, ['label', 'hint', 'problem'])
  return (
    <div class="field">
      <label for={id}>{own.label}</label>
      <input
        {...input}
        id={id}
        aria-invalid={own.problem !== undefined}
        aria-describedby={`${own.hint ? `${id}-hint ` : ''}${id}-problem`}
      />
      <Show when={own.hint}>
        <p id={`${id}-hint`} class="note">
          {own.hint}
        </p>
      </Show>
      <p id={`${id}-problem`} class="field-problem" role="alert">
        {own.problem}
      </p>
    </div>
  )
}
