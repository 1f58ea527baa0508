import { expect, test } from 'vitest'
import type { Db } from '../../db/client.ts'
import { adminKeyScope } from './require-admin-key.ts'
import { ADMIN_KEY, startAuth } from './testing.ts'

const { ask } = startAuth(null as unknown as Db)
const refusal = (message: string) => ({ kind: 'unauthenticated', message })

test('the right admin key is an administrator', async () => {
  const { actor } = await adminKeyScope(ask({ 'x-api-key': ADMIN_KEY }))
  expect(actor).toMatchObject({ userId: null, label: 'admin key', role: 'admin', teamIds: null })
})

test('a missing admin key is called missing, whatever else was sent', async () => {
  await expect(adminKeyScope(ask())).rejects.toMatchObject(refusal('Missing X-API-Key header'))
  const elsewhere = ask({ authorization: `Bearer ${ADMIN_KEY}` })
  await expect(adminKeyScope(elsewhere)).rejects.toMatchObject(refusal('Missing X-API-Key header'))
})

test('a wrong admin key is refused, a prefix of the right one too', async () => {
  for (const key of ['wrong', ADMIN_KEY.slice(0, -1), `${ADMIN_KEY}x`])
    await expect(adminKeyScope(ask({ 'x-api-key': key }))).rejects.toMatchObject(refusal('Invalid API key'))
})
