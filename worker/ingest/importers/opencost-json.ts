import { readAllocation } from './allocation.ts'
import { allocationRows } from './allocation-rows.ts'
import {
  type Reader,
  type ReadOptions,
  type Refused,
  type Row,
  refuse,
  type TextImporter,
  wrongFormat,
} from './importer.ts'
import { exactObject, plainObject } from './json-items.ts'
import { type JsonMember, JsonMembers } from './json-members.ts'

const EXPECTED =
  'expected the JSON answer of OpenCost’s or Kubecost’s allocation API: {"code": 200, "data": [{"name": {"properties", "window", "totalCost", …}, …}, …]}'
/** What stands beside maps of allocations in some answers and is none. */
const FRAME_WORDS = new Set(['window', 'step', 'start', 'end', 'minutes', 'totals', 'warnings', 'error', 'fromCache'])
/** Fewer digits come back from a float as they were, and are read twice as fast. */
const LONG_NUMBER = /[\d.]{17}/
/** So many that are no allocation before the first that is one: it is another file. */
const MOST_FOREIGN = 1_000

/**
 * OpenCost and Kubecost allocations, of any window, step and aggregation. Each is a charge of its days, its GPUs on their
 * pool and the rest beside them, and a job where it held GPUs; idle, unmounted and unallocated ones are cost alone. An
 * answer has no currency: it is US dollars unless the sender says otherwise.
 */
export const opencostJson: TextImporter = {
  id: 'opencost-json',
  label: 'Kubernetes: OpenCost or Kubecost allocations as JSON',
  kind: 'costs',
  alsoJobs: true,
  accept: '.json,.gz',
  defaultSource: 'opencost',
  isBill: true,
  recognises: (head) =>
    /^\ufeff?\s*[[{]/.test(head) && /"(?:cpuCost|gpuCost)"\s*:/.test(head)
      ? 'its items have the costs that allocations of OpenCost have'
      : null,
  open: (options) => new AllocationReader(options),
}

class AllocationReader implements Reader {
  private readonly json = new JsonMembers(EXPECTED)
  private allocations = 0
  /** Refusals before the first allocation: of a file that has none, they are not what is wrong with it. */
  private held: Refused[] | null = []
  private readonly options: ReadOptions

  constructor(options: ReadOptions) {
    this.options = { ...options, currency: options.currency || 'USD' }
  }

  push(text: string): Row[] {
    return this.rows(this.json.push(text))
  }

  end(): Row[] {
    const rows = this.rows(this.json.end())
    if (this.held && this.held.length > 0) throw wrongFormat(`${EXPECTED}; there is no allocation in it`)
    return rows
  }

  about(): string {
    return `${this.allocations} allocation${this.allocations === 1 ? '' : 's'}`
  }

  frame() {
    return { before: '{"code":200,"data":[{', between: ',\n', after: '}]}' }
  }

  private rows(members: readonly JsonMember[]): Row[] {
    const rows: Row[] = []
    for (const member of members) for (const row of this.rowsOf(member)) rows.push(row)
    return rows
  }

  private rowsOf(member: JsonMember): Row[] {
    const said = LONG_NUMBER.test(member.text) ? exactObject(member.text) : plainObject(member.text)
    const name = nameOf(member)
    if (said && ('properties' in said || 'totalCost' in said || 'cpuCost' in said)) {
      const rows = this.read(member, name, said)
      const held = this.held ?? []
      this.held = null
      return [...held, ...rows]
    }
    if (FRAME_WORDS.has(name)) return []
    const refused = {
      ...refuse(member.line, null, 'not_an_object', 'expected an object that describes an allocation'),
      record: recordOf(member, name),
    }
    if (!this.held) return [refused]
    if (this.held.push(refused) > MOST_FOREIGN) throw wrongFormat(`${EXPECTED}; there is no allocation in it`)
    return []
  }

  private read(member: JsonMember, name: string, said: Record<string, unknown>): Row[] {
    const { line } = member
    const allocation = readAllocation(name, said)
    const record = () => recordOf(member, allocation && 'name' in allocation ? allocation.name : name)
    if ('column' in allocation) {
      const { column, code, message, total } = allocation
      return [{ ...refuse(line, column, code, message), billed: total, effective: total, record: record() }]
    }
    this.allocations += 1
    const rows = allocationRows(line, allocation, this.options)
    const [refused] = rows
    return rows.length === 1 && refused?.kind === 'refused' ? [{ ...refused, record: record() }] : rows
  }
}

function nameOf({ name }: JsonMember): string {
  try {
    return JSON.parse(`"${name}"`) as string
  } catch {
    return name
  }
}

/** An allocation as a member of a map, from wherever it came. */
function recordOf({ text }: JsonMember, name: string): string {
  return `${JSON.stringify(name)}: ${text}`
}
