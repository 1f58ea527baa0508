import { z } from 'zod'

/** An e-mail address as it is stored and compared: trimmed, in lower case, at most 254 characters (RFC 5321). */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254, 'must have at most 254 characters')
  .check(z.email('must be an e-mail address'))
