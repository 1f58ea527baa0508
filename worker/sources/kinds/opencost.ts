import { z } from 'zod'
import { addDays } from '../../../db/units/time.ts'
import { LineText } from '../../input-fields.ts'
import { Address, below, daysToPull, headersOf, SecretHeaders } from './fields.ts'
import { sourceKind } from './kind.ts'

const PATHS = ['/allocation/compute', '/allocation', '/model/allocation', '/model/allocation/compute'] as const

const Config = z.object({
  url: Address.meta({ title: 'Address of OpenCost', examples: ['http://opencost.opencost.svc:9003'] }),
  path: z
    .enum(PATHS)
    .default('/allocation/compute')
    .meta({
      ...{ title: 'Path' },
      description: 'OpenCost has /allocation/compute, Kubecost /model/allocation.',
    }),
  aggregate: LineText(200)
    .regex(/^[\w:,.\-/]*$/, 'is a list such as namespace,pod')
    .default('cluster,namespace,pod')
    .meta({
      title: 'Aggregate',
      examples: ['cluster,namespace,pod'],
      description: 'What one row of the answer is about.',
    }),
  step: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhd]$/, 'is a span such as 1d')
    .default('1d')
    .meta({ title: 'Step', examples: ['1d'] }),
  days: z.coerce
    .number<number>()
    .int()
    .min(1)
    .max(31)
    .default(3)
    .meta({
      ...{ title: 'Days pulled again' },
      description: 'OpenCost corrects the last days when prices come in.',
    }),
})

const Secrets = z.object({ headers: SecretHeaders.optional() })

type State = { throughDay: string }

/** The allocation API of OpenCost or Kubecost, one UTC day a file. */
export const opencost = sourceKind<z.output<typeof Config>, z.output<typeof Secrets>, State>({
  id: 'opencost',
  label: 'OpenCost',
  format: 'opencost-json',
  config: Config,
  secrets: Secrets,
  place: ({ url }) => url,
  addressFields: ['url'],
  isInOrder: true,
  async *pull({ config, secrets, state, yesterday, fetch }) {
    const { url, path, aggregate, step } = config
    for (const day of daysToPull(yesterday, config.days, state.throughDay)) {
      const window = `${day}T00:00:00Z,${addDays(day, 1)}T00:00:00Z`
      const query = {
        window,
        aggregate,
        step,
        accumulate: 'false',
        idle: 'true',
        includeIdle: 'true',
        shareIdle: 'false',
      }
      const request = { url: below(url, path, query), secretHeaders: headersOf(secrets.headers) }
      yield {
        fileName: `opencost-${day}.json`,
        part: day,
        byteLength: null,
        open: async () => {
          const { body } = await fetch(request)
          return body ? { bytes: body } : { text: '' }
        },
        remember: () => ({ throughDay: day }),
      }
    }
  },
})
