import { z } from 'zod'
import { IdText, SeenVersion } from '../input-fields.ts'
import { keepNowhere } from '../no-store.ts'
import { rest } from '../rest.ts'
import { createKey } from './create-key.ts'
import { Key, ShownKey } from './key.ts'
import { KeyChanges, NewKey, Rotation } from './key-input.ts'
import { KeyPage, KeysAsked, listKeys, oneKey } from './list-keys.ts'
import { revokeKey } from './revoke-key.ts'
import { rotateKey } from './rotate-key.ts'
import { updateKey } from './update-key.ts'

const id = IdText('key')

export const keysRoutes = [
  rest('GET', '/keys', { summary: 'API keys, newest first', input: KeysAsked, answers: KeyPage }, listKeys),
  rest(
    'POST',
    '/keys',
    { summary: 'Make an API key; the answer shows it once', input: NewKey, answers: ShownKey, status: 201 },
    async (scope, input, asking) => {
      keepNowhere(asking)
      return createKey(scope, input)
    },
  ),
  rest('GET', '/keys/:id', { summary: 'One API key', input: z.object({ id }), answers: Key }, oneKey),
  rest(
    'PUT',
    '/keys/:id',
    { summary: 'Change an API key', input: KeyChanges.extend({ id }), answers: Key },
    (scope, input) => updateKey(scope, input),
  ),
  rest(
    'DELETE',
    '/keys/:id',
    { summary: 'Revoke an API key', input: z.object({ id, version: SeenVersion }), status: 204 },
    async (scope, input) => revokeKey(scope, input),
  ),
  rest(
    'POST',
    '/keys/:id/rotate',
    {
      summary: 'Give an API key new characters; the answer shows them once',
      input: Rotation.extend({ id }),
      answers: ShownKey,
    },
    async (scope, input, asking) => {
      keepNowhere(asking)
      return rotateKey(scope, input)
    },
  ),
]
