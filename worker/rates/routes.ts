import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createRate } from './create-rate.ts'
import { listRates, RatesAsked, RatesPage } from './list-rates.ts'
import { RateAlone, rate } from './rate.ts'
import { NewRate, RateChange } from './rate-input.ts'
import { RateRemoval, removeRate } from './remove-rate.ts'
import { updateRate } from './update-rate.ts'

const PATH = '/currency-rates'

export const ratesRoutes = [
  rest('GET', PATH, { summary: 'What currencies are worth, by day', input: RatesAsked, answers: RatesPage }, listRates),
  rest(
    'POST',
    PATH,
    { summary: 'Date a rate for files that are read from now on', input: NewRate, answers: RateAlone, status: 201 },
    createRate,
  ),
  rest(
    'GET',
    `${PATH}/:id`,
    { summary: 'One rate', input: z.object({ id: IdText('rate') }), answers: RateAlone },
    rate,
  ),
  rest('PUT', `${PATH}/:id`, { summary: 'Change a rate', input: RateChange, answers: RateAlone }, updateRate),
  rest('DELETE', `${PATH}/:id`, { summary: 'Take a rate away', input: RateRemoval, status: 204 }, removeRate),
]
