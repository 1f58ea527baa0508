/** A row that no importer of the format may store: where the refusal points and which dollars it keeps. */
export type BadRow = { text: string; column: string | null; code: string; costUsd: string | null }

/**
 * What a sample in seeds/samples holds, worked out by hand, and what its format calls a bad row. Where dollars or hours are
 * stated, the working is beside them. The suite's `now` is 2026-03-01T12:00Z.
 */
export type Sample = {
  file: string
  records: number
  skipped: number
  fileUsd: string
  effectiveUsd?: string
  roundingUsd: string
  gpuHours: string
  bad: BadRow[]
  /** The sample without its rows. */
  withoutRows: string
  reordered: (text: string) => string
  /** Puts rows among the others, each on a line of its own; answers the line of the first. */
  withRows: (text: string, rows: string[]) => { text: string; line: number }
}

export const lines = (text: string) => text.trimEnd().split('\n')
/** How rows stand in a table with a header. */
export const table = {
  reordered: (text: string) => `${[lines(text)[0], ...lines(text).slice(1).reverse()].join('\n')}\n`,
  withRows: (text: string, rows: string[]) => {
    const [header, first, ...others] = lines(text)
    return { text: `${[header, first, ...rows, ...others].join('\n')}\n`, line: 3 }
  },
}
/** How rows stand in a list of a JSON document. */
export const document = (list: string) => ({
  reordered: (text: string) => {
    const whole = JSON.parse(text) as Record<string, unknown[]>
    return JSON.stringify({ ...whole, [list]: whole[list]?.toReversed() }, null, 2)
  },
  withRows: (text: string, rows: string[]) => {
    const at = text.indexOf(`"${list}": [`) + `"${list}": [`.length
    const added = `\n${rows.map((row) => `${row},\n`).join('')}`
    return { text: text.slice(0, at) + added + text.slice(at), line: text.slice(0, at).split('\n').length + 1 }
  },
})
/** How rows stand in the buckets of usage pages, one page after the other, each brace on a line of its own. */
export const buckets = {
  reordered: (text: string) => {
    const pages = text.trimEnd().split(/\n(?=\{)/)
    const turned = pages.map((page) => {
      const whole = JSON.parse(page) as { data: Record<string, unknown>[] }
      const data = whole.data.map(({ results, ...rest }) => ({ results: (results as unknown[]).toReversed(), ...rest }))
      return { ...whole, data: data.toReversed() }
    })
    return JSON.stringify(turned.toReversed(), null, 2)
  },
  withRows: (text: string, rows: string[]) => {
    const at = text.indexOf('"results": [') + '"results": ['.length
    const added = `\n${rows.map((row) => `${row},\n`).join('')}`
    return { text: text.slice(0, at) + added + text.slice(at), line: text.slice(0, at).split('\n').length + 1 }
  },
}
