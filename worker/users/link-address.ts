import { z } from 'zod'
import type { Asking } from '../asking.ts'
import { NewLink } from '../auth/password-link.ts'
import { keepNowhere } from '../no-store.ts'
import { User } from './user-view.ts'

/** A person and the link that was made for them, with its whole address. Shown once: it is stored nowhere. */
export const UserWithLink = User.extend({
  link: NewLink.extend({
    url: z.string().meta({ format: 'uri', examples: ['https://heliox.example/join#Zk3vQ8xW1nB5mC7rT9yU2iO4pA6sD0fG'] }),
  }),
})

/** Adds the address, on the host that was asked: the deployment knows no other name of itself. No cache keeps it. */
export function withAddress<T extends { link: NewLink }>(answer: T, asking: Pick<Asking, 'request' | 'answerHeaders'>) {
  keepNowhere(asking)
  return { ...answer, link: { ...answer.link, url: new URL(answer.link.path, asking.request.url).href } }
}
