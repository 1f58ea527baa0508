import { refusalOf } from './api.ts'

/** Fetches a REST address as CSV and saves it. Throws Refusal when the server says no. */
export async function saveCsv(path: string, fileName: string): Promise<void> {
  const answer = await fetch(path, { headers: { Accept: 'text/csv' } })
  if (!answer.ok) throw refusalOf(answer.status, await answer.text())
  const url = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
