import { useMutation, useQueryClient } from '@tanstack/solid-query'

/** An entry moves the sums that it is in: answers what asks all that is shown again. */
export function useSettled(): () => void {
  const client = useQueryClient()
  return () => void client.invalidateQueries()
}

/**
 * Opens a dialog about an entry as it is now, with its version, which its list does not have; where that fails, `close` is
 * called and the list asked again.
 */
export function useLook<Id>(of: {
  open: (dialog: 'edit' | 'remove', id: Id) => Promise<void>
  close: () => void
  list: { refetch: () => unknown }
}) {
  return useMutation(() => ({
    mutationFn: ({ dialog, id }: { dialog: 'edit' | 'remove'; id: Id }) => of.open(dialog, id),
    onError: () => {
      of.close()
      void of.list.refetch()
    },
  }))
}

/** After a removal the focus goes to the page's heading: the row that had it is another's now, or gone. */
export function focusHeadingLater(heading: HTMLElement): void {
  setTimeout(() => heading.querySelector('h1')?.focus()) // closing, the dialog moves the focus too
}
