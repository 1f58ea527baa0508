import { z } from 'zod'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { DigestAsked } from './digest.ts'
import { DigestChanges, NewDigest } from './digest-input.ts'
import { DigestPage, listDigests, oneDigest } from './list-digests.ts'
import { DigestPreview, previewDigest } from './preview.ts'
import { Subscription } from './subscription.ts'
import { createDigest, removeDigest, updateDigest } from './write-digests.ts'

const id = IdText('dig')

export const digestsRoutes = [
  rest(
    'GET',
    '/digests/preview',
    {
      summary: 'What a day or a week cost, and what stood out, as channels would be told',
      ...{ input: DigestAsked, answers: DigestPreview, document: { errors: ['not_found'] } },
    },
    previewDigest,
  ),
  rest(
    'GET',
    '/digests',
    { summary: 'Digests that are sent, by name', input: z.object(Paging), answers: DigestPage },
    listDigests,
  ),
  rest(
    'POST',
    '/digests',
    { summary: 'Subscribe channels to a digest', input: NewDigest, answers: Subscription, status: 201 },
    createDigest,
  ),
  rest('GET', '/digests/:id', { summary: 'One digest', input: z.object({ id }), answers: Subscription }, oneDigest),
  rest(
    'PUT',
    '/digests/:id',
    { summary: 'Change a digest', input: DigestChanges.extend({ id }), answers: Subscription },
    updateDigest,
  ),
  rest(
    'DELETE',
    '/digests/:id',
    { summary: 'Stop a digest for good', input: z.object({ id, version: SeenVersion }), status: 204 },
    removeDigest,
  ),
]
