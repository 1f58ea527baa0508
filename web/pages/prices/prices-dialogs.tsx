import { useMutation } from '@tanstack/solid-query'
import { Match, Switch } from 'solid-js'
import { type Answers, api } from '../../api.ts'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { GpuDialog } from './gpu-dialog.tsx'
import { HistoryDialog } from './history-dialog.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { PriceDialog } from './price-dialog.tsx'
import type { ListedPrice } from './price-table.tsx'
import { RepriceDialog } from './reprice-dialog.tsx'
import { useSettled } from './settled.ts'

type PriceNow = Answers['prices']['models']['get']
type GpuPriceNow = Answers['prices']['gpus']['get']

/** Which dialog is open, and about what: as it was when the dialog opened, so that another's change is noticed. */
export type Opened =
  | { dialog: 'new'; model: string; of?: ListedPrice }
  | { dialog: 'edit' | 'remove'; price: PriceNow }
  | { dialog: 'new-gpu' }
  | { dialog: 'edit-gpu' | 'remove-gpu'; price: GpuPriceNow }
  | { dialog: 'history' | 'reprice'; model: string }
  | { dialog: 'import' }

/** The dialogs of the page, one at a time. */
export function PricesDialogs(props: {
  opened: Opened | null
  mayWrite: boolean
  onOpen: (next: Opened | null) => void
}) {
  const close = () => props.onOpen(null)
  const opened = <D extends Opened['dialog']>(dialog: D) =>
    props.opened?.dialog === dialog ? (props.opened as Extract<Opened, { dialog: D }>) : undefined
  const again =
    (dialog: 'edit' | 'remove', { id }: PriceNow) =>
    () =>
      void api.prices.models.get.query({ id }).then((price) => props.onOpen({ dialog, price }), close)
  const gpuAgain =
    (dialog: 'edit-gpu' | 'remove-gpu', { id }: GpuPriceNow) =>
    () =>
      void api.prices.gpus.get.query({ id }).then((price) => props.onOpen({ dialog, price }), close)
  return (
    <Switch>
      <Match when={opened('new')} keyed>
        {({ model, of }) => <PriceDialog model={model} from={of} onClose={close} />}
      </Match>
      <Match when={opened('edit')} keyed>
        {({ price }: { price: PriceNow }) => (
          <PriceDialog model={price.model} of={price} onReload={again('edit', price)} onClose={close} />
        )}
      </Match>
      <Match when={opened('remove')} keyed>
        {({ price }: { price: PriceNow }) => (
          <RemovePrice
            title={`Remove the price of ${price.model} from ${price.effectiveFrom}?`}
            remove={() => api.prices.models.remove.mutate({ id: price.id, version: price.version })}
            onReload={again('remove', price)}
            onClose={close}
          />
        )}
      </Match>
      <Match when={opened('new-gpu')}>
        <GpuDialog onClose={close} />
      </Match>
      <Match when={opened('edit-gpu')} keyed>
        {({ price }: { price: GpuPriceNow }) => (
          <GpuDialog of={price} onReload={gpuAgain('edit-gpu', price)} onClose={close} />
        )}
      </Match>
      <Match when={opened('remove-gpu')} keyed>
        {({ price }: { price: GpuPriceNow }) => (
          <RemovePrice
            title={`Remove the price of ${price.gpuType} at ${price.provider} from ${price.effectiveFrom}?`}
            remove={() => api.prices.gpus.remove.mutate({ id: price.id, version: price.version })}
            onReload={gpuAgain('remove-gpu', price)}
            onClose={close}
          />
        )}
      </Match>
      <Match when={opened('history')} keyed>
        {({ model }: { model: string }) => <HistoryDialog model={model} onClose={close} />}
      </Match>
      <Match when={opened('reprice')} keyed>
        {({ model }: { model: string }) => <RepriceDialog model={model} onClose={close} />}
      </Match>
      <Match when={opened('import')}>
        <ImportDialog onClose={close} />
      </Match>
    </Switch>
  )
}

function RemovePrice(props: {
  title: string
  remove: () => Promise<unknown>
  onReload: () => void
  onClose: () => void
}) {
  const settle = useSettled()
  const remove = useMutation(() => ({ mutationFn: () => props.remove(), onSettled: settle }))
  return (
    <ConfirmDialog
      title={props.title}
      confirm="Remove the price"
      isBusy={remove.isPending}
      error={remove.error}
      onReload={props.onReload}
      onConfirm={() => remove.mutateAsync()}
      onClose={props.onClose}
    >
      <p>The price before it holds from then on, else the catalogue’s. No amount that is recorded changes.</p>
    </ConfirmDialog>
  )
}
