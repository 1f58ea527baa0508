/** Whose calls a budget counts. */
export const BUDGET_SCOPES = ['company', 'team', 'user', 'key', 'model'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]
export const BUDGET_PERIODS = ['day', 'month'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]
export const BUDGET_MODES = ['hard', 'soft'] as const
export type BudgetMode = (typeof BUDGET_MODES)[number]
