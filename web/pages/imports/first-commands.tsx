import { A } from '@solidjs/router'
import { For } from 'solid-js'
import { CopyField } from '../../components/copy-field.tsx'

const FIELDS = 'JobID,Cluster,Account,User,State,Start,End,AllocTRES,JobName'

/** What to type for a first import, with the address of this server in it. `jobsOnly`: for who sends no bills. */
export function FirstCommands(props: { jobsOnly: boolean }) {
  const end = `--url ${location.origin} --key YOUR_KEY`
  const all = [
    ['Slurm jobs', `sacct -X -P -D -S now-30days -o ${FIELDS} | npx heliox import - --format slurm-sacct ${end}`],
    ['A FOCUS bill', `npx heliox import focus.csv.gz --format focus-csv ${end}`],
    ['Any other file', `npx heliox import FILE ${end}`],
    [
      'Without Node',
      `curl -H 'Authorization: Bearer YOUR_KEY' --data-binary @FILE '${location.origin}/api/v1/imports?format=auto&file_name=FILE'`,
    ],
  ] as const
  const commands = () => all.filter(([what]) => !props.jobsOnly || what !== 'A FOCUS bill')
  return (
    <div class="first-commands">
      <p>No imports yet. The first file you drop above appears here. From a terminal it goes like this:</p>
      <For each={commands()}>
        {([what, text]) => <CopyField label={what} text={text} copy={`Copy the command: ${what}`} class="is-command" />}
      </For>
      <p class="note">
        YOUR_KEY is an <A href="/keys">API key</A> with the scope ingest.
      </p>
    </div>
  )
}
