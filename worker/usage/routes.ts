import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createUsage } from './create-usage.ts'
import { listUsage, totalUsage, UsageAsked, UsageNarrowed, UsagePage, UsageTotal } from './list-usage.ts'
import { removeUsage, UsageRemoval } from './remove-usage.ts'
import { updateUsage } from './update-usage.ts'
import { UsageAlone, usage } from './usage.ts'
import { DerivedUsage, usageFromJobs } from './usage-from-jobs.ts'
import { NewUsage, UsageChange, UsageFromJobs } from './usage-input.ts'

export const usageRoutes = [
  rest(
    'GET',
    '/usage',
    { summary: 'Measured GPU-hours, newest first', input: UsageAsked, answers: UsagePage },
    listUsage,
  ),
  rest(
    'POST',
    '/usage',
    { summary: 'Enter measured GPU-hours', input: NewUsage, answers: UsageAlone, status: 201 },
    createUsage,
  ),
  rest(
    'POST',
    '/usage/from-jobs',
    { summary: 'Derive usage from the jobs of these days', input: UsageFromJobs, answers: DerivedUsage },
    usageFromJobs,
  ),
  rest(
    'GET',
    '/usage/total',
    { summary: 'What was measured in all', input: UsageNarrowed, answers: UsageTotal },
    totalUsage,
  ),
  rest(
    'GET',
    '/usage/:id',
    { summary: 'One measurement', input: z.object({ id: IdText('usage') }), answers: UsageAlone },
    usage,
  ),
  rest('PUT', '/usage/:id', { summary: 'Change a measurement', input: UsageChange, answers: UsageAlone }, updateUsage),
  rest('DELETE', '/usage/:id', { summary: 'Take a measurement away', input: UsageRemoval, status: 204 }, removeUsage),
]
