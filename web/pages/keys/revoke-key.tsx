import { useMutation } from '@tanstack/solid-query'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import type { Key } from './key-table.tsx'
import { useSettled } from './settled.ts'

/** Asks before a key ends for good. */
export function RevokeKey(props: { of: Key; onClose: () => void }) {
  const settle = useSettled()
  const revoke = useMutation(() => ({
    mutationFn: () => api.keys.revoke.mutate({ id: props.of.id }),
    onSuccess: () => sayResult(`The key ${props.of.name} is revoked.`),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Revoke ${props.of.name}?`}
      confirm="Revoke key"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        Its next call is refused, with old and new characters alike. This cannot be undone; the key stays in the list as
        revoked.
      </p>
    </ConfirmDialog>
  )
}
