import { useQueryClient } from '@tanstack/solid-query'
import { addDays, dayOf, type EpochMs } from '../../../db/units/time.ts'
import { api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { sayResult } from '../../components/results.ts'
import { TextField } from '../../components/text-field.tsx'
import { textsIn } from '../../forms/changed-fields.ts'
import { createForm } from '../../forms/create-form.ts'
import { derivedWords } from './derived-words.ts'

const DAYS = ['start', 'end'] as const

/** Derives usage from the time that jobs held their GPUs, where nothing measures it. For administrators. */
export function FromJobs(props: { onClose: () => void }) {
  const client = useQueryClient()
  const today = dayOf(Date.now() as EpochMs)
  const form = createForm({
    fields: ['start', 'end'],
    schema: () => import('../../../worker/usage/usage-input.ts').then(({ UsageFromJobs }) => UsageFromJobs),
    read: (fields) => ({ ...textsIn(fields, DAYS), overwrite: fields.get('overwrite') !== null }),
    send: (asked) => api.usage.fromJobs.mutate(asked),
    onDone: (derived) => {
      void client.invalidateQueries()
      props.onClose()
      sayResult(derivedWords(derived))
    },
  })
  return (
    <FormDialog title="Take usage from jobs" submit="Derive usage from jobs" form={form} onClose={props.onClose}>
      <p class="note">
        One row per UTC day and pool: the time that jobs held their GPUs. The same days again change nothing. Derived
        usage is no measurement, and the table says so.
      </p>
      <div class="field-row">
        <TextField
          label="First day"
          name="start"
          type="date"
          required
          value={addDays(today, -13)}
          problem={form.problem('start')}
        />
        <TextField label="Last day" name="end" type="date" required value={today} problem={form.problem('end')} />
      </div>
      <label class="check">
        <input type="checkbox" name="overwrite" />
        Replace measured rows of these days too
      </label>
    </FormDialog>
  )
}
