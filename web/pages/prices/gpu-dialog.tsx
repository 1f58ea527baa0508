import { type Answers, api } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { TextField } from '../../components/text-field.tsx'
import { createForm } from '../../forms/create-form.ts'
import { Confirm } from './price-dialog.tsx'
import { useSettled } from './settled.ts'

type PriceNow = Answers['prices']['gpus']['get']

const FIELDS = ['provider', 'gpu_type', 'usd_per_gpu_hour', 'effective_from', 'source']

/** Dates what a GPU-hour costs, or changes it. */
export function GpuDialog(props: { of?: PriceNow; onReload?: () => void; onClose: () => void }) {
  const settle = useSettled()
  const { of } = props
  const form = createForm({
    fields: FIELDS,
    codes: { 'prices.day_taken': 'effective_from' },
    schema: () =>
      import('../../../worker/prices/price-input.ts').then(({ NewGpuPrice, GpuPriceChange }) =>
        of ? GpuPriceChange : NewGpuPrice,
      ),
    read: (fields) => {
      const text = (name: string) => String(fields.get(name) ?? '').trim()
      return {
        ...(of ? { id: of.id, version: of.version } : {}),
        ...{ provider: text('provider'), gpuType: text('gpu'), usdPerGpuHour: text('price'), source: text('source') },
        ...(text('from') ? { effectiveFrom: text('from') } : {}),
        confirm: fields.get('confirm') === 'on',
      }
    },
    send: (price) =>
      of
        ? api.prices.gpus.update.mutate({ ...price, id: of.id, version: of.version })
        : api.prices.gpus.create.mutate(price),
    onDone: props.onClose,
    onSettled: settle,
  })
  const { problem } = form
  return (
    <FormDialog
      title={props.of ? 'Edit the price of a GPU-hour' : 'New price of a GPU-hour'}
      submit="Save the price"
      form={form}
      {...(props.onReload ? { onReload: props.onReload } : {})}
      onClose={props.onClose}
    >
      <div class="field-row">
        <TextField
          label="Provider"
          name="provider"
          required
          maxlength={200}
          placeholder="e.g. aws"
          value={props.of?.provider ?? ''}
          problem={problem('provider')}
        />
        <TextField
          label="GPU type"
          name="gpu"
          required
          maxlength={200}
          placeholder="e.g. h100"
          value={props.of?.gpuType ?? ''}
          problem={problem('gpu_type')}
        />
      </div>
      <div class="field-row">
        <TextField
          label="US dollars for a GPU-hour"
          name="price"
          inputmode="decimal"
          required
          autocomplete="off"
          placeholder="e.g. 2.49"
          value={props.of?.usdPerGpuHour ?? ''}
          problem={problem('usd_per_gpu_hour')}
        />
        <TextField
          label="From (UTC day)"
          name="from"
          type="date"
          hint="Empty: today"
          value={props.of?.effectiveFrom ?? ''}
          problem={problem('effective_from')}
        />
      </div>
      <TextField
        label="Who says so"
        name="source"
        maxlength={200}
        placeholder="e.g. invoice of the colocation"
        value={props.of?.source ?? ''}
        problem={problem('source')}
      />
      <Confirm form={form} />
    </FormDialog>
  )
}
