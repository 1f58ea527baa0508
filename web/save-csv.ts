import { refusalOf } from './api.ts'
import { saveFile } from './save-file.ts'

/** Fetches a REST address as CSV and saves it. Throws Refusal when the server says no. */
export async function saveCsv(path: string, fileName: string): Promise<void> {
  const answer = await fetch(path, { headers: { Accept: 'text/csv' } })
  if (!answer.ok) throw refusalOf(answer.status, await answer.text())
  saveFile(await answer.blob(), fileName)
}
