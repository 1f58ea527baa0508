/** Ids outside the database say what they name: row 17 of jobs is "job_17". */
export type IdPrefix =
  | 'team'
  | 'user'
  | 'key'
  | 'job'
  | 'cost'
  | 'usage'
  | 'imp'
  | 'row'
  | 'audit'
  | 'bill'
  | 'src'
  | 'run'
  | 'rule'
  | 'rate'
  | 'tok'
  | 'own'
  | 'set'
  | 'view'
  | 'bknd'
  | 'bmod'
  | 'price'
  | 'gprice'
  | 'bdgt'
  | 'dep'
  | 'arule'
  | 'alert'
  | 'aevt'
  | 'asil'
  | 'chan'
  | 'dlv'
  | 'dig'
export type Id<P extends IdPrefix> = `${P}_${number}`
export type TeamId = Id<'team'>
export type UserId = Id<'user'>
export type KeyId = Id<'key'>
export type ImportId = Id<'imp'>
export type BackendId = Id<'bknd'>
export type PriceId = Id<'price'>
export type BudgetId = Id<'bdgt'>
export type ChannelId = Id<'chan'>
export type AlertRuleId = Id<'arule'>
export type AlertId = Id<'alert'>
export type DigestId = Id<'dig'>

/** "team_3" for row 3. */
export function idText<P extends IdPrefix>(prefix: P, row: number | bigint): Id<P> {
  return `${prefix}_${row}` as Id<P>
}

/** The row of "team_3"; null for another prefix, for text without a number, and for numbers no table reaches. */
export function rowOf(prefix: IdPrefix, text: string): number | null {
  const match = /^([a-z]+)_([1-9]\d{0,14})$/.exec(text)
  return match && match[1] === prefix ? Number(match[2]) : null
}
