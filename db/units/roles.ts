/** admin: all. finance: reads all, edits budgets and prices. developer and viewer: their teams, to work in or to read. */
export const ROLES = ['admin', 'finance', 'developer', 'viewer'] as const
export type Role = (typeof ROLES)[number]
