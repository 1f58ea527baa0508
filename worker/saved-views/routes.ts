import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createView } from './create-view.ts'
import { listViews, ViewsAsked, ViewsPage } from './list-views.ts'
import { removeView, ViewRemoval } from './remove-view.ts'
import { SavedViewAlone, savedView } from './saved-view.ts'
import { updateView } from './update-view.ts'
import { NewView, ViewChange } from './view-input.ts'

const One = z.object({ id: IdText('view') })

export const savedViewsRoutes = [
  rest(
    'GET',
    '/saved-views',
    { summary: 'Your saved views, and those that others share', input: ViewsAsked, answers: ViewsPage },
    listViews,
  ),
  rest(
    'POST',
    '/saved-views',
    { summary: 'Keep an address of the dashboard under a name', input: NewView, answers: SavedViewAlone, status: 201 },
    createView,
  ),
  rest('GET', '/saved-views/:id', { summary: 'One saved view', input: One, answers: SavedViewAlone }, savedView),
  rest(
    'PUT',
    '/saved-views/:id',
    { summary: 'Rename, share or point a saved view elsewhere', input: ViewChange, answers: SavedViewAlone },
    updateView,
  ),
  rest(
    'DELETE',
    '/saved-views/:id',
    { summary: 'Forget a saved view', input: ViewRemoval, status: 204 },
    async (scope, input) => removeView(scope, input),
  ),
]
