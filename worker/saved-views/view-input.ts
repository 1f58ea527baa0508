import { z } from 'zod'
import { IdText, LineText, SeenVersion } from '../input-fields.ts'

const ViewName = LineText(100)
  .min(1, 'a view needs a name')
  .meta({ examples: ['Idle GPUs of last month'] })

const LONGEST_ADDRESS = 2_000

/** A page of the dashboard and nothing else: whoever opens a shared view must not land on another host. */
const ViewAddress = z
  .string()
  .max(LONGEST_ADDRESS, `must have at most ${LONGEST_ADDRESS} characters`)
  .refine(isOwnPage, 'expected an address of the dashboard such as "/explore?group_by=team"')
  .meta({ examples: ['/utilization?range=last-month'] })
  .describe('Path and query below the dashboard')

/** Where no page is, but answers for programs. */
const NO_PAGE = /^\/(api|trpc|v1|health|metrics|assets)(\/|$)/

/**
 * As the address bar has it: nothing that a browser would read as another host ("//host", "/.//host", "/\\host") or that no
 * router can read. What a browser would write otherwise is not its own spelling.
 */
function isOwnPage(address: string): boolean {
  const here = 'https://heliox.invalid'
  if (!/^\/[\x21-\x7e]*$/.test(address) || !URL.canParse(address, here)) return false
  const { origin, pathname, search, hash } = new URL(address, here)
  if (origin !== here || `${pathname}${search}${hash}` !== address || pathname.includes('//')) return false
  try {
    return !/[/\\]{2}|[\p{Cc}]/u.test(decodeURIComponent(pathname)) && !NO_PAGE.test(pathname)
  } catch {
    return false
  }
}

export const NewView = z.object({
  name: ViewName,
  address: ViewAddress,
  isShared: z.boolean().default(false).describe('Everybody who signs in finds it'),
})

/** What is absent stays. */
export const ViewChange = z.object({
  id: IdText('view'),
  version: SeenVersion,
  name: ViewName.optional(),
  address: ViewAddress.optional(),
  isShared: z.boolean().optional(),
})
