import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { rest } from '../rest.ts'
import type { Scope } from '../scope.ts'
import { createSource } from './create-source.ts'
import { listRuns, listSources, oneSource, RunPage, SourceKinds, SourcePage, sourceKinds } from './list-sources.ts'
import { removeSource } from './remove-source.ts'
import { Run } from './run.ts'
import { runNow } from './run-now.ts'
import { Source } from './source.ts'
import { NewSource, SourceChanges } from './source-input.ts'
import { Tried, TriedSource, trySource } from './try-source.ts'
import { updateSource } from './update-source.ts'

const id = IdText('src')
const inRoom = (scope: Scope, { settings }: Asking) => ({ ...scope, settings })

export const sourcesRoutes = [
  rest(
    'GET',
    '/sources',
    { summary: 'Where files are pulled from, by name', input: z.object(Paging), answers: SourcePage },
    (scope, input, asking) => listSources(inRoom(scope, asking), input),
  ),
  rest(
    'GET',
    '/sources/kinds',
    { summary: 'The kinds of sources, and what each needs to know', input: z.object({}), answers: SourceKinds },
    sourceKinds,
  ),
  rest(
    'POST',
    '/sources',
    { summary: 'Set up a source', input: NewSource, answers: Source, status: 201 },
    (scope, input, asking) => createSource(inRoom(scope, asking), input),
  ),
  rest(
    'POST',
    '/sources/test',
    { summary: 'Try a source without storing anything', input: TriedSource, answers: Tried },
    (scope, input, asking) => trySource(inRoom(scope, asking), input),
  ),
  rest(
    'GET',
    '/sources/:id',
    { summary: 'One source', input: z.object({ id }), answers: Source },
    (scope, input, asking) => oneSource(inRoom(scope, asking), input),
  ),
  rest(
    'PUT',
    '/sources/:id',
    {
      summary: 'Change a source; secrets that are not given are kept',
      input: SourceChanges.extend({ id }),
      answers: Source,
    },
    (scope, input, asking) => updateSource(inRoom(scope, asking), input),
  ),
  rest(
    'DELETE',
    '/sources/:id',
    {
      summary: 'Remove a source; what it has brought stays',
      input: z.object({ id, version: SeenVersion }),
      status: 204,
    },
    (scope, input, asking) => removeSource(inRoom(scope, asking), input),
  ),
  rest(
    'POST',
    '/sources/:id/run',
    { summary: 'Pull a source now', input: z.object({ id }), answers: Run },
    (scope, input, asking) => runNow(inRoom(scope, asking), input),
  ),
  rest(
    'GET',
    '/sources/:id/runs',
    { summary: 'Runs of a source, the latest first', input: z.object({ id, ...Paging }), answers: RunPage },
    listRuns,
  ),
]
