import { Combobox as Kobalte } from '@kobalte/core/combobox'
import { createMemo, createSignal, createUniqueId, Show } from 'solid-js'
import { formatCountOf } from '../format/count.ts'
import type { Choice, ChoiceFieldProps } from './choice-select.tsx'
import { Icon } from './icon.tsx'

const WORDS = {
  triggerLabel: 'Show the choices',
  listboxLabel: 'Choices',
  focusAnnouncement: (words: string, isChosen: boolean) => (isChosen ? `${words}, chosen` : words),
  countAnnouncement: (count: number) => formatCountOf(count, 'choice'),
  selectedAnnouncement: (words: string) => `${words}, chosen`,
} as unknown as NonNullable<Parameters<typeof Kobalte>[0]['translations']>

/** The library looks items up by a selector with this in quotes, and takes an empty one for none. */
const keyOf = ({ value }: Choice) => `v${encodeURIComponent(value)}`
/** The field of "any" is empty, which its placeholder says. */
const inField = ({ value, words }: Choice) => (value === '' ? '' : words)
const isSame = (one: Choice, other: Choice) => one.value === other.value && one.words === other.words

/**
 * The field of a `Combobox`, in a file of its own. Arrows and Enter choose; an emptied field, Escape in a closed one and
 * the cross mean any.
 */
export default function ComboboxBox(props: ChoiceFieldProps) {
  const id = createUniqueId()
  const [isOpen, setOpen] = createSignal(false)
  const none: Choice = { value: '', words: '' }
  const any = () => props.choices.find(({ value }) => value === '') ?? none
  // The same as long as it says the same: another one takes away what is being typed.
  const chosen = createMemo(() => props.choices.find(({ value }) => value === props.chosen) ?? any(), none, {
    equals: isSame,
  })
  let input!: HTMLInputElement
  let isPressed = false
  const clear = () => {
    if (props.chosen !== '') props.onPick('')
  }
  const { contains } = matcher()
  return (
    <Kobalte<Choice>
      class="field"
      options={[...props.choices]}
      optionValue={keyOf}
      optionTextValue="words"
      optionLabel={inField}
      // What stands in the field from before narrows nothing.
      defaultFilter={(choice, typed) => typed === inField(chosen()) || contains(choice.words, typed)}
      value={chosen()}
      onChange={(choice) => choice && choice.value !== props.chosen && props.onPick(choice.value)}
      open={isOpen()}
      // By "focus" it opens where the field was pressed, not where somebody passes with the Tab key.
      onOpenChange={(next, how) => setOpen(next && (how !== 'focus' || isPressed))}
      triggerMode="focus"
      allowsEmptyCollection
      placeholder={any().words}
      placement="bottom-start"
      gutter={4}
      sameWidth={false}
      overflowPadding={8}
      translations={WORDS}
      itemComponent={(item) => (
        // Its own id: names that arrive make the items anew, and the field points at the one it stands on.
        <Kobalte.Item item={item.item} id={`${id}-${item.item.key}`} class="combobox-item">
          <Kobalte.ItemLabel>{item.item.rawValue.words}</Kobalte.ItemLabel>
          <Kobalte.ItemIndicator class="combobox-mark">
            <Icon name="check" />
          </Kobalte.ItemIndicator>
        </Kobalte.Item>
      )}
    >
      <Kobalte.Label>{props.label}</Kobalte.Label>
      <Kobalte.Control class="combobox">
        <Kobalte.Input
          ref={input}
          title={inField(chosen())}
          onClick={() => {
            isPressed = true
            if (!isOpen()) input.select()
            queueMicrotask(() => {
              isPressed = false
            })
          }}
          onInput={() => input.value === '' && clear()}
          onKeyDown={(event) => event.key === 'Escape' && !isOpen() && clear()}
        />
        <Show
          when={props.chosen !== ''}
          fallback={
            <Kobalte.Trigger class="combobox-button">
              <Icon name="chevron" />
            </Kobalte.Trigger>
          }
        >
          <button
            type="button"
            class="combobox-button"
            aria-label={`Clear ${props.label}`}
            onClick={() => {
              clear()
              input.focus()
            }}
          >
            <Icon name="close" />
          </button>
        </Show>
      </Kobalte.Control>
      {/* A press on the list leaves the focus in the field: moved to the page around it, it would shut the list. */}
      <Kobalte.Content class="popover combobox-list" onMouseDown={(event: MouseEvent) => event.preventDefault()}>
        <Kobalte.Listbox />
        <p class="note combobox-none" role="status">
          Nothing is called so
        </p>
      </Kobalte.Content>
    </Kobalte>
  )
}

/** Compares as a reader does: without case and accents. */
function matcher() {
  const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return { contains: (text: string, part: string) => fold(text).includes(fold(part.trim())) }
}
