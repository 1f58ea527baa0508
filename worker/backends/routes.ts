import { z } from 'zod'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { Backend, inBackends } from './backend.ts'
import { BackendChanges, NewBackend, RouteChange } from './backend-input.ts'
import { createBackend } from './create-backend.ts'
import { BackendPage, listBackends, oneBackend } from './list-backends.ts'
import { listRoutes, RoutePage, setRoute } from './model-routes.ts'
import { removeBackend } from './remove-backend.ts'
import { ModelRoute } from './route-order.ts'
import { Tried, TriedBackend, tryBackend, tryStored } from './try-backend.ts'
import { updateBackend } from './update-backend.ts'

const id = IdText('bknd')

export const backendsRoutes = [
  rest(
    'GET',
    '/gateway/backends',
    { summary: 'Where the gateway sends calls, by name', input: z.object(Paging), answers: BackendPage },
    (scope, input, asking) => listBackends(inBackends(scope, asking), input),
  ),
  rest(
    'POST',
    '/gateway/backends',
    { summary: 'Declare a backend', input: NewBackend, answers: Backend, status: 201 },
    (scope, input, asking) => createBackend(inBackends(scope, asking), input),
  ),
  rest(
    'POST',
    '/gateway/backends/test',
    {
      summary: 'Try a backend without storing anything',
      input: TriedBackend,
      answers: Tried,
      document: { errors: ['not_found'] },
    },
    (scope, input, asking) => tryBackend(inBackends(scope, asking), input),
  ),
  rest(
    'GET',
    '/gateway/backends/:id',
    { summary: 'One backend', input: z.object({ id }), answers: Backend },
    (scope, input, asking) => oneBackend(inBackends(scope, asking), input),
  ),
  rest(
    'PUT',
    '/gateway/backends/:id',
    {
      summary: 'Change a backend; a key that is not given is kept',
      input: BackendChanges.extend({ id }),
      answers: Backend,
    },
    (scope, input, asking) => updateBackend(inBackends(scope, asking), input),
  ),
  rest(
    'DELETE',
    '/gateway/backends/:id',
    {
      summary: 'Remove a backend; the calls that it answered stay',
      input: z.object({ id, version: SeenVersion }),
      status: 204,
    },
    (scope, input, asking) => removeBackend(inBackends(scope, asking), input),
  ),
  rest(
    'POST',
    '/gateway/backends/:id/try',
    { summary: 'Ask a backend how it is and which models it has', input: z.object({ id }), answers: Tried },
    (scope, input, asking) => tryStored(inBackends(scope, asking), input),
  ),
  rest(
    'GET',
    '/gateway/routes',
    {
      summary: 'Every model that is served, with the order in which its backends would be asked now',
      input: z.object(Paging),
      answers: RoutePage,
    },
    (scope, input, asking) => listRoutes(inBackends(scope, asking), input),
  ),
  rest(
    'PUT',
    '/gateway/routes',
    {
      summary: 'Say how the backends of a model are chosen',
      input: RouteChange,
      answers: ModelRoute,
      document: { errors: ['not_found'] },
    },
    (scope, input, asking) => setRoute(inBackends(scope, asking), input),
  ),
]
