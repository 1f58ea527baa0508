import { useMutation, useQueryClient } from '@tanstack/solid-query'
import { type Accessor, createSignal, onCleanup } from 'solid-js'
import { failureOf, Refusal, statusOf } from '../api.ts'
import { fieldProblem, isToldAtFields, withoutFields } from '../field-problem.ts'
import { askWhoIsHere } from '../queries.ts'
import { holdInput, isSessionOver } from './held-input.ts'
import { type SchemaLoad, serverCheck } from './server-check.ts'

type Options<Asked extends object, Answer> = {
  /** The fields that say themselves what is wrong with them, under the server's names: "budget_usd". */
  fields: readonly string[]
  /** The schema that the server reads the question with; without it the server alone checks. */
  schema?: SchemaLoad
  /** The fields as the question for the server. */
  read: (fields: FormData) => Asked
  send: (asked: Asked) => Promise<Answer>
  /** Refusals by their code that are about one field: `{ 'teams.name_taken': 'name' }`. */
  codes?: Readonly<Record<string, string>>
  onDone?: (answer: Answer) => void
  onSettled?: () => void
}

/** What a form on the page needs to know of itself, see `createForm`. */
export type Form<Answer = unknown> = {
  /** From being sent until the answer is here. */
  isBusy: Accessor<boolean>
  /** What is wrong with a field, as a sentence; undefined for nothing. */
  problem: (field: string) => string | undefined
  /** Why it was not taken, if that is not all said at fields; null for nothing. */
  failure: Accessor<unknown>
  /** What was answered; undefined before. */
  answer: Accessor<Answer | undefined>
  /** Whether something was typed that is not stored. */
  isTyped: Accessor<boolean>
  onSubmit: (event: SubmitEvent & { currentTarget: HTMLFormElement }) => void
  /** Hears what is typed or chosen: for `onInput` and `onChange`. */
  onInput: (event: Event & { currentTarget: HTMLFormElement }) => void
  /** Forgets what was wrong. */
  reset: () => void
}

/**
 * The one rule of forms: what is wrong stands beside its field, in the server's words and before anything is sent; what
 * was typed stays until it is stored, also when sending fails or the session has ended; and one send is in flight at a
 * time. What is wrong with a field goes when the field is mended.
 */
export function createForm<Asked extends object, Answer>(options: Options<Asked, Answer>): Form<Answer> {
  const client = useQueryClient()
  const [error, setError] = createSignal<unknown>(null)
  const [isChecking, setChecking] = createSignal(false)
  const [isTyped, setTyped] = createSignal(false)
  let isInFlight = false
  let release = () => {}
  let isRefusedHere = false
  let sent: Asked | undefined
  let check = (_: unknown): string[] => []
  const learn = async ({ schema }: Options<Asked, Answer>) => {
    if (schema) check = await serverCheck(schema)
  }
  const ready = learn(options)
  const sending = useMutation(() => ({ mutationFn: options.send }))

  const refuseHere = (asked: Asked): boolean => {
    const details = check(asked)
    isRefusedHere = details.length > 0
    setError(isRefusedHere ? invalid(details) : null)
    return isRefusedHere
  }
  const keep = () => {
    if (isTyped()) return
    setTyped(true)
    release = holdInput()
  }
  const letGo = () => {
    setTyped(false)
    release()
  }
  onCleanup(() => {
    letGo()
    if (isSessionOver()) void askWhoIsHere(client)
  })

  const submit = async (form: HTMLFormElement) => {
    if (isInFlight || hasUnreadable(form)) return
    isInFlight = true
    sent = undefined
    setChecking(true)
    try {
      await ready
      const asked = options.read(new FormData(form))
      if (refuseHere(asked)) return
      sent = asked
      keep()
      const answer = await sending.mutateAsync(asked)
      letGo()
      options.onDone?.(answer)
    } catch (thrown) {
      setError(atField(thrown, options.codes ?? {}))
    } finally {
      isInFlight = false
      setChecking(false)
      if (sent) options.onSettled?.()
      if (error()) focusProblem(form)
    }
  }
  const hear = (form: HTMLFormElement) => {
    keep()
    if (!error() || isInFlight) return
    const asked = options.read(new FormData(form))
    if (isRefusedHere) refuseHere(asked)
    else if (sent) setError(withoutFields(error(), changedIn(sent, asked)))
  }
  return {
    isBusy: () => isChecking() || sending.isPending,
    problem: (field) => fieldProblem(error(), field),
    failure: () => (error() && !isToldAtFields(error(), options.fields) ? error() : null),
    answer: () => sending.data,
    isTyped,
    onSubmit: (event) => {
      event.preventDefault()
      void submit(event.currentTarget)
    },
    onInput: (event) => hear(event.currentTarget),
    reset: () => {
      setError(null)
      sending.reset()
    },
  }
}

/** A refusal as the server would have answered it. */
function invalid(details: readonly string[]): Refusal {
  const message = `Invalid request: ${details[0]}`
  return new Refusal(400, { message, details, code: 'request.invalid', requestId: null })
}

/** A refusal whose code is about one field, told at that field. */
function atField(error: unknown, codes: Readonly<Record<string, string>>): unknown {
  const failure = failureOf(error)
  const field = codes[failure.code]
  if (!field) return error
  return new Refusal(statusOf(error) ?? 400, { ...failure, details: [`${field}: ${failure.message}`] })
}

/** The server's names of what is asked otherwise now. */
function changedIn(before: object, now: object): string[] {
  const text = (asked: object, name: string) => JSON.stringify((asked as Record<string, unknown>)[name])
  return Object.keys({ ...before, ...now })
    .filter((name) => text(before, name) !== text(now, name))
    .map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
}

/** A number or a day that the browser cannot read would be sent as nothing: the browser says so at its field. */
function hasUnreadable(form: HTMLFormElement): boolean {
  const bad = [...form.elements].find((one) => one instanceof HTMLInputElement && one.validity.badInput)
  return bad instanceof HTMLInputElement && !bad.reportValidity()
}

/** The first field with something wrong takes the focus. */
function focusProblem(form: HTMLFormElement): void {
  const words = form.querySelector('.field-problem:not(:empty)')
  words?.parentElement?.querySelector<HTMLElement>('input, select, textarea')?.focus()
}
