import { Toast, toaster } from '@kobalte/core/toast'
import { createEffect, untrack } from 'solid-js'
import { Icon } from './icon.tsx'
import { saidResults, takeResults } from './results.ts'

const SHOWN_MS = 6_000

/** Shows what actions came to, in the corner, over everything; Alt+T goes there, and pointing at one keeps it. */
export default function ToastRegion() {
  createEffect(() => {
    if (saidResults().length === 0) return
    for (const words of untrack(takeResults)) show(words)
  })
  return (
    <Toast.Region duration={SHOWN_MS} limit={3} aria-label="Results (Alt+T)">
      <Toast.List class="toasts" />
    </Toast.Region>
  )
}

function show(words: string): void {
  toaster.show((toast) => (
    <Toast toastId={toast.toastId} priority="low" class="toast">
      <Toast.Description class="toast-words">{words}</Toast.Description>
      <Toast.CloseButton class="button is-quiet is-square" aria-label="Dismiss">
        <Icon name="close" />
      </Toast.CloseButton>
    </Toast>
  ))
}
