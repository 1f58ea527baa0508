import type { z } from 'zod'
import { Message } from '../deliveries/message.ts'
import type { Scope } from '../scope.ts'
import { Digest, type DigestAsked, digest } from './digest.ts'
import { digestMessage } from './digest-message.ts'

/** A digest, and how channels would be told. */
export const DigestPreview = Digest.extend({
  message: Message.pick({ title: true, text: true, facts: true, href: true }),
})
export type DigestPreview = z.output<typeof DigestPreview>

/** @throws HelioxError what `digest` throws */
export async function previewDigest(scope: Scope, asked: z.output<typeof DigestAsked>): Promise<DigestPreview> {
  const told = await digest(scope, asked)
  const { title, text, facts, href } = digestMessage(told, { incident: 'preview', atMs: scope.now() })
  return { ...told, message: { title, text, facts, href } }
}
