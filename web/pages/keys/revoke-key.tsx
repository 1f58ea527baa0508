import { useMutation } from '@tanstack/solid-query'
import { createEffect, on } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import type { Key } from './key-table.tsx'
import { useSettled } from './settled.ts'

/** Asks before a key ends for good; open while there is a key to ask about. */
export function RevokeKey(props: { of: Key | undefined; onClose: () => void }) {
  const settle = useSettled()
  const revoke = useMutation(() => ({
    mutationFn: (id: string) => api.keys.revoke.mutate({ id }),
    onSettled: settle,
  }))
  let show = () => {}
  createEffect(
    on(
      () => props.of,
      (key) => {
        if (!key) return
        revoke.reset()
        show()
      },
    ),
  )
  let about: Key | undefined
  const name = () => {
    about = props.of ?? about // the words stay while the dialog closes
    return about?.name ?? ''
  }
  return (
    <ConfirmDialog
      title={`Revoke ${name()}?`}
      confirm="Revoke key"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutateAsync(props.of?.id ?? '')}
      onClose={props.onClose}
      open={(open) => {
        show = open
      }}
    >
      <p>
        Its next call is refused, with old and new characters alike. This cannot be undone; the key stays in the list as
        revoked.
      </p>
    </ConfirmDialog>
  )
}
