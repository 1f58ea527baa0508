import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { createModelPrice } from './create-model-price.ts'
import {
  createGpuPrice,
  GpuPriceAlone,
  GpuPriceRemoval,
  gpuPrice,
  removeGpuPrice,
  updateGpuPrice,
} from './gpu-prices.ts'
import { ImportedPrices, importPrices, PriceImport } from './import-prices.ts'
import { GpuPricesAsked, GpuPricesPage, listGpuPrices } from './list-gpu-prices.ts'
import { listModelPrices, ModelPricesAsked, ModelPricesPage } from './list-model-prices.ts'
import { modelPrice } from './model-price.ts'
import { ModelPriceAlone } from './price-fields.ts'
import { GpuPriceChange, ModelPriceChange, NewGpuPrice, NewModelPrice, Repricing } from './price-input.ts'
import { priceMapText } from './price-map-text.ts'
import { RepricedCalls, reprice } from './reprice.ts'
import { UnpricedModels, unpricedModels } from './unpriced.ts'
import { ModelPriceRemoval, removeModelPrice, updateModelPrice } from './update-model-price.ts'

const MODELS = '/prices/models'
const GPUS = '/prices/gpus'

export const pricesRoutes = [
  rest(
    'GET',
    MODELS,
    {
      summary: 'What tokens of models cost, by day and by whose word',
      ...{ input: ModelPricesAsked, answers: ModelPricesPage },
    },
    listModelPrices,
  ),
  rest(
    'POST',
    MODELS,
    {
      summary: 'Date a price of a model',
      ...{ input: NewModelPrice, answers: ModelPriceAlone, status: 201 },
      document: {
        description:
          'Calls that start from now on use it from its first day on. What was billed keeps its amount until it is priced ' +
          'again on purpose, `POST /prices/reprice`. More than $1 a token is refused; a price that is a hundred times the ' +
          'one before, or the catalogue’s, needs `confirm`.',
      },
    },
    createModelPrice,
  ),
  rest(
    'GET',
    `${MODELS}/:id`,
    { summary: 'One price of a model', input: z.object({ id: IdText('price') }), answers: ModelPriceAlone },
    modelPrice,
  ),
  rest(
    'PUT',
    `${MODELS}/:id`,
    {
      summary: 'Change a price of a model that no call was billed with',
      ...{ input: ModelPriceChange, answers: ModelPriceAlone },
      document: {
        description: 'A price that calls were billed with is not rewritten: add a new one with its first day.',
      },
    },
    updateModelPrice,
  ),
  rest(
    'DELETE',
    `${MODELS}/:id`,
    {
      summary: 'Take a price of a model away that no call was billed with',
      ...{ input: ModelPriceRemoval, status: 204, document: { errors: ['conflict'] } },
    },
    removeModelPrice,
  ),
  rest(
    'GET',
    GPUS,
    {
      summary: 'What GPU-hours cost, by day and by whose word',
      ...{ input: GpuPricesAsked, answers: GpuPricesPage, document: { operationId: 'listGpuPrices' } },
    },
    listGpuPrices,
  ),
  rest(
    'POST',
    GPUS,
    { summary: 'Date a price of a GPU-hour', input: NewGpuPrice, answers: GpuPriceAlone, status: 201 },
    createGpuPrice,
  ),
  rest(
    'GET',
    `${GPUS}/:id`,
    {
      summary: 'One price of a GPU-hour',
      ...{
        input: z.object({ id: IdText('gprice') }),
        answers: GpuPriceAlone,
        document: { operationId: 'getGpuPrice' },
      },
    },
    gpuPrice,
  ),
  rest(
    'PUT',
    `${GPUS}/:id`,
    { summary: 'Change a price of a GPU-hour', input: GpuPriceChange, answers: GpuPriceAlone },
    updateGpuPrice,
  ),
  rest(
    'DELETE',
    `${GPUS}/:id`,
    { summary: 'Take a price of a GPU-hour away', input: GpuPriceRemoval, status: 204 },
    removeGpuPrice,
  ),
  rest(
    'POST',
    '/prices/import',
    {
      summary: 'Take the prices of a LiteLLM price map, or say what that would change',
      ...{ input: PriceImport, answers: ImportedPrices, takesFile: true },
      document: { bodyTypes: ['application/json'] },
    },
    async (scope, asked, { request }) => importPrices(scope, asked, await priceMapText(request.body)),
  ),
  rest(
    'GET',
    '/prices/unpriced',
    {
      summary: 'Models that were called in the last 30 days and whose price nobody knows',
      ...{ input: z.object({}), answers: UnpricedModels },
    },
    unpricedModels,
  ),
  rest(
    'POST',
    '/prices/reprice',
    {
      summary: 'Calculate calls again with the price book as it is now',
      ...{ input: Repricing, answers: RepricedCalls },
      document: {
        description:
          'Says what would change unless `dry_run` is false. The same again changes nothing. Costs that providers reported ' +
          'and closed months stay as they are.',
        errors: ['too_large', 'conflict'],
      },
    },
    reprice,
  ),
]
