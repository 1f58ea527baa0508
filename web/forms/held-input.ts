import { createSignal } from 'solid-js'

const [count, setCount] = createSignal(0)
const [isOver, setOver] = createSignal(false)

/**
 * Whether the session ended while a form had something in it that is not stored yet. The page then stays as it is, so
 * that nothing typed is lost, and the form says how to go on.
 */
export const isSessionOver = isOver

/** Keeps the page where it is while a form has something in it; answers what ends that, once. */
export function holdInput(): () => void {
  let isHeld = true
  setCount((held) => held + 1)
  return () => {
    if (isHeld) setCount((held) => held - 1)
    isHeld = false
  }
}

/** Whether a form has something in it. A session that is found to be over waits for it. */
export function isInputHeld(): boolean {
  return count() > 0
}

/** Who is here, as far as the page is concerned: who was, while a form of theirs waits for them to come back. */
export function hereOf<Me extends { user: unknown }>(asked: Me, known: Me | undefined): Me {
  const waits = asked.user === null && Boolean(known?.user) && isInputHeld()
  setOver(waits)
  return waits && known ? known : asked
}
