import { useMutation, useQuery } from '@tanstack/solid-query'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { MovesPreview } from './moves-preview.tsx'
import { conditionsOf } from './rule-form.ts'
import { useSettled } from './settled.ts'

/** Says what goes back when a rule is taken away, and asks first. */
export function RemoveRule(props: { of: Answers['gpuRules']['get']; onReload: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const preview = useQuery(() => ({
    queryKey: ['gpuRules.preview', id, 'removed'],
    queryFn: () => api.gpuRules.preview.query({ id, isRemoved: true }),
  }))
  const remove = useMutation(() => ({
    mutationFn: () => api.gpuRules.remove.mutate({ id, version }),
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title="Remove this rule?"
      confirm="Remove rule"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>
        Lines with {conditionsOf(props.of)} become again what they are recognised as without it, in the bills that are
        there and in those to come.
      </p>
      <MovesPreview query={preview} isAsked={true} />
    </ConfirmDialog>
  )
}
