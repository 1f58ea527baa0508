import { Show } from 'solid-js'
import { DownloadButton } from '../../components/download-button.tsx'
import { formatCount } from '../../format/count.ts'
import type { Explored } from './explorer-table.tsx'

const SCROLLED = {
  'true-true': 'sideways and down',
  'true-false': 'sideways',
  'false-true': 'down',
  'false-false': '',
} as const

/** Says what a table of many groups leaves to be found: rows that are added up, columns and days out of sight. */
export function CutNote(props: { answer: Explored; isWide: boolean; isLong: boolean; path: string; fileName: string }) {
  const others = () => props.answer.rows.find(({ kind }) => kind === 'other')?.groupCount ?? 0
  const words = () =>
    [
      others() > 0 && `${formatCount(others())} smaller groups are added up in “All others”: choose more rows above.`,
      (props.isWide || props.isLong) &&
        `The table of days goes on: scroll it ${SCROLLED[`${props.isWide}-${props.isLong}`]}.`,
    ].filter((one) => typeof one === 'string')
  return (
    <Show when={words().length > 0}>
      <div class="note cut-note">
        <span>{words().join(' ')} The CSV has up to 200 groups.</span>{' '}
        <DownloadButton path={props.path} fileName={props.fileName} label="Download up to 200 groups as CSV" />
      </div>
    </Show>
  )
}
