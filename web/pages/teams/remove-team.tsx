import { useMutation } from '@tanstack/solid-query'
import { Show } from 'solid-js'
import { api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { formatCountOf } from '../../format/count.ts'
import { useSettled } from './settled.ts'
import type { TeamNow } from './team-dialogs.tsx'

/** Says what goes with a team and what stays, and asks first. */
export function RemoveTeam(props: { of: TeamNow; onReload: () => void; onRemoved: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { id, version } = props.of
  const remove = useMutation(() => ({
    mutationFn: () => api.teams.remove.mutate({ id, version }),
    onSuccess: () => {
      props.onRemoved()
      sayResult(`The team ${props.of.name} is removed.`)
    },
    onSettled: settle,
  }))
  return (
    <ConfirmDialog
      title={`Remove ${props.of.name}?`}
      confirm="Remove team"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <div class="team-removal">
        <p>
          <strong>Goes:</strong> the team, {jobsOf(props.of)}, its API keys and its memberships. Its people stay, and
          see nothing if they are in no other team.
        </p>
        <p>
          <strong>Stays:</strong> costs. The bill stays as it is. The team’s part goes to whoever else held those GPUs
          that day; without anybody else it becomes unallocated.
        </p>
        <p>This cannot be undone.</p>
        <div role="status">
          <Show when={remove.isPending}>
            <progress aria-label="Removing the team" />
            <p class="note">
              Removing. Many jobs take a while: leave this page open. If it is cut off, remove the team again, and it
              goes on from there.
            </p>
          </Show>
        </div>
      </div>
    </ConfirmDialog>
  )
}

function jobsOf({ jobCount }: TeamNow): string {
  return jobCount === 0 ? 'its jobs (it has none)' : `its ${formatCountOf(jobCount, 'job')}`
}
