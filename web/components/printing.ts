import { type Accessor, createSignal, onCleanup } from 'solid-js'

/**
 * Whether the page is being put on paper: true from before the print to after it, and while a browser shows it as print.
 * What is only for paper is built then, and not kept in every page that nobody prints.
 */
export function usePrinting(): Accessor<boolean> {
  const media = window.matchMedia('print')
  const [isPrinting, setPrinting] = createSignal(media.matches)
  const start = () => setPrinting(true)
  const stop = () => setPrinting(media.matches)
  const follow = () => setPrinting(media.matches)
  window.addEventListener('beforeprint', start)
  window.addEventListener('afterprint', stop)
  media.addEventListener('change', follow)
  onCleanup(() => {
    window.removeEventListener('beforeprint', start)
    window.removeEventListener('afterprint', stop)
    media.removeEventListener('change', follow)
  })
  return isPrinting
}
