/** What a rule looks at: the first three and the last on bill lines, the other two on jobs. */
export const OWNER_RULE_FIELDS = ['account', 'tag', 'service', 'user', 'job_name', 'region'] as const
export type OwnerRuleField = (typeof OWNER_RULE_FIELDS)[number]
