import { z } from 'zod'
import { IdText } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { deliverBeside } from './deliver-beside.ts'
import { DeliveriesAsked, Delivery, DeliveryPage, listDeliveries, oneDelivery } from './list-deliveries.ts'
import { retryDelivery } from './retry-delivery.ts'

const id = IdText('dlv')

export const deliveriesRoutes = [
  rest(
    'GET',
    '/deliveries',
    {
      summary: 'Messages on their way to channels and what became of them; those given up first, then the newest',
      ...{ input: DeliveriesAsked, answers: DeliveryPage },
    },
    listDeliveries,
  ),
  rest('GET', '/deliveries/:id', { summary: 'One message', input: z.object({ id }), answers: Delivery }, oneDelivery),
  rest(
    'POST',
    '/deliveries/:id/retry',
    {
      summary: 'Send a message anew that was given up',
      ...{ input: z.object({ id }), answers: Delivery, document: { errors: ['conflict'] } },
    },
    async (scope, input, asking) => {
      const answer = await retryDelivery(scope, input)
      deliverBeside(scope, asking)
      return answer
    },
  ),
]
