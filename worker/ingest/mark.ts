import type { Row } from './importers/importer.ts'

/**
 * A running mark of the rows of a file, to see on a second reading whether it is the same file: two 32-bit FNV-1a hashes
 * with different starts. It guards against a mistaken file, not against somebody who makes one fit.
 */
export class Mark {
  private a = 0x811c9dc5
  private b = 0x1b873593

  add(row: Row): void {
    this.text(`${row.line} ${row.kind} ${factsOf(row)}`)
  }

  private text(text: string): void {
    let { a, b } = this
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x01000193)
    }
    this.a = a
    this.b = Math.imul(b, 5) ^ (a >>> 15)
  }

  toString(): string {
    return (this.a >>> 0).toString(16).padStart(8, '0') + (this.b >>> 0).toString(16).padStart(8, '0')
  }
}

function factsOf(row: Row): string {
  if (row.kind === 'cost') {
    const { entryDate, provider, gpuType, account, sku, billed, effective, capacityGpuSeconds } = row
    return `${entryDate} ${provider} ${gpuType} ${account} ${sku} ${billed.digits} ${effective.digits} ${capacityGpuSeconds}`
  }
  if (row.kind === 'job') {
    const { jobId, run, teamName, modelName, provider, gpuType, gpuMilli, startedAtMs, endedAtMs, status } = row
    return `${jobId} ${run} ${teamName} ${modelName} ${provider} ${gpuType} ${gpuMilli} ${startedAtMs} ${endedAtMs} ${status}`
  }
  if (row.kind === 'usage')
    return `${row.entryDate} ${row.provider} ${row.gpuType} ${row.gpuSeconds} ${row.measuredGpuSeconds}`
  if (row.kind === 'tokens') {
    const { recordId, startedAtMs, model, project, status, inputTokens, outputTokens, cost } = row
    return `${recordId} ${startedAtMs} ${model} ${project} ${status} ${inputTokens} ${outputTokens} ${cost?.digits}`
  }
  return row.kind === 'refused' ? row.code : ''
}
