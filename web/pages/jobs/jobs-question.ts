import type { Questions } from '../../api.ts'
import type { Filter, FilterName } from '../../choice/choice.ts'
import type { Days } from '../../choice/range.ts'
import type { TableView } from '../../components/data-table/column.ts'

export type JobsQuestion = NonNullable<Questions['jobs']['list']>

/** What the page of jobs knows beside the choice of days and filters. */
export type JobsChoice = {
  /** Jobs of any time, also those that have not started. */
  readonly isAnyTime: boolean
  /** What the job id or the name holds. */
  readonly words: string
  /** The import that brought or changed them; '' for any. */
  readonly importId: string
  /** The row that a link points at; '' for none. */
  readonly row: string
}

type Params = Readonly<Record<string, string | string[] | undefined>>

/** Reads an address: `time=any`, `q`, `import`, `row`. What makes no sense is left out. */
export function readJobs(params: Params): JobsChoice {
  const one = (name: string) => ([params[name]].flat()[0] ?? '').trim()
  const id = (name: string, prefix: string) => (new RegExp(`^${prefix}_[1-9]\\d*$`).test(one(name)) ? one(name) : '')
  return {
    isAnyTime: one('time') === 'any',
    words: one('q').slice(0, 200),
    importId: id('import', 'imp'),
    row: id('row', 'job'),
  }
}

/** Filters of the address that jobs know. */
export const JOB_FILTERS = ['team_id', 'model_name', 'provider', 'gpu_type', 'status'] as const
export type JobFilter = (typeof JOB_FILTERS)[number]

export function isJobFilter(name: FilterName): name is JobFilter {
  return (JOB_FILTERS as readonly string[]).includes(name)
}

/** The question for the server: what is set. */
export function jobsQuestion(
  { isAnyTime, words, importId }: JobsChoice,
  days: Days,
  filters: readonly Filter[],
  view: Pick<TableView, 'sort' | 'isDescending'>,
): JobsQuestion {
  const values = (name: JobFilter) => {
    const chosen = filters.filter((filter) => filter.name === name).map(({ value }) => value)
    return chosen.length > 0 ? chosen : undefined
  }
  const narrowed = {
    ...{ teamId: values('team_id'), modelName: values('model_name'), provider: values('provider') },
    ...{ gpuType: values('gpu_type'), status: values('status') },
    ...{ q: words || undefined, importId: importId || undefined },
    ...(isAnyTime ? {} : days),
  }
  const set = Object.fromEntries(Object.entries(narrowed).filter(([, value]) => value !== undefined))
  return { ...set, sort: view.sort as never, order: view.isDescending ? 'desc' : 'asc' }
}

/** The same without its order: for what is said of all jobs together. */
export function narrowingOf({
  sort: _,
  order: __,
  ...narrowing
}: JobsQuestion): NonNullable<Questions['jobs']['total']> {
  return narrowing
}

/** What leads from a list to one of its jobs and back: the parameters of the list alone. */
export function listParams(search: string): string {
  const params = new URLSearchParams(search)
  for (const name of ['row', 'skip', 'basis']) params.delete(name)
  const text = params.toString()
  return text === '' ? '' : `?${text}`
}
