/** The sheets that each row of a table has something on, first is 1; tables in their order, rows with head and sums. */
export type RowSheets = number[][]

/**
 * On which sheets the rows of every table stand, from the structure that a browser writes into a PDF with `tagged: true`.
 * A row on two sheets was broken between them.
 */
export function tablesOnPaper(pdf: Buffer): RowSheets[] {
  const objects = new Map<string, string>()
  for (const [, id = '', body = ''] of pdf.toString('latin1').matchAll(/\b(\d+) 0 obj\s([\s\S]*?)endobj/g))
    objects.set(id, body)
  const pages = [...objects].filter(([, body]) => /\/Type \/Page\b/.test(body)).map(([id]) => id)
  const kidsOf = (id: string) => {
    const kids = /\/K (\[[^\]]*\]|\d+ 0 R)/.exec(objects.get(id) ?? '')?.[1] ?? ''
    return [...kids.replace(/<<[\s\S]*?>>/g, '').matchAll(/(\d+) 0 R/g)].map(([, kid = '']) => kid)
  }
  const isOf = (kind: string) => (id: string) => new RegExp(`/S /${kind}\\b`).test(objects.get(id) ?? '')
  const under = (id: string): string[] => [id, ...kidsOf(id).flatMap(under)]
  const sheetsOf = (id: string) => {
    const of = under(id).flatMap((one) =>
      [...(objects.get(one) ?? '').matchAll(/\/Pg (\d+) 0 R/g)].map(([, on = '']) => on),
    )
    return [...new Set(of)].map((on) => pages.indexOf(on) + 1).sort((a, b) => a - b)
  }
  const tables = [...objects.keys()].filter(isOf('Table'))
  return tables.map((table) => under(table).filter(isOf('TR')).map(sheetsOf))
}
