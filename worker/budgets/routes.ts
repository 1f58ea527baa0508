import { rest } from '../rest.ts'
import { Budget } from './budget.ts'
import { BudgetChange, BudgetNamed, BudgetRemoval, NewBudget } from './budget-input.ts'
import { createBudget } from './create-budget.ts'
import { BudgetPage, BudgetsAsked, listBudgets, oneBudget } from './list-budgets.ts'
import { removeBudget, updateBudget } from './update-budget.ts'

export const budgetsRoutes = [
  rest(
    'GET',
    '/budgets',
    { summary: 'Budgets of the gateway and how they stand', input: BudgetsAsked, answers: BudgetPage },
    (scope, input, { meter }) => listBudgets(scope, input, meter ?? null),
  ),
  rest(
    'POST',
    '/budgets',
    { summary: 'Set a budget for calls of models', input: NewBudget, answers: Budget, status: 201 },
    (scope, input, { meter }) => createBudget(scope, input, meter ?? null),
  ),
  rest(
    'GET',
    '/budgets/:id',
    { summary: 'One budget and how it stands', input: BudgetNamed, answers: Budget },
    (scope, input, { meter }) => oneBudget(scope, input, meter ?? null),
  ),
  rest(
    'PUT',
    '/budgets/:id',
    { summary: 'Change a budget', input: BudgetChange, answers: Budget },
    (scope, input, { meter }) => updateBudget(scope, input, meter ?? null),
  ),
  rest(
    'DELETE',
    '/budgets/:id',
    { summary: 'Take a budget away', input: BudgetRemoval, status: 204 },
    async (scope, asked) => removeBudget(scope, asked),
  ),
]
