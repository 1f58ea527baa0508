import { z } from 'zod'
import type { ChannelId } from '../../db/units/ids.ts'
import { PageOf, pageOf } from '../answer-fields.ts'
import { allow, visibleTeams } from '../permissions.ts'
import type { Scope } from '../scope.ts'
import { fieldsOf, KindField } from '../sources/list-sources.ts'
import { Channel, type ChannelScope, channelOf, countChannels, selectChannels } from './channel.ts'
import { KIND_IDS, KIND_NAMES, KINDS, type KindId } from './kinds/index.ts'

export const ChannelPage = PageOf('channels', Channel)

/** Channels by name, with how many of their messages wait or were given up. */
export async function listChannels(
  scope: Scope,
  page: { skip: number; limit: number },
): Promise<z.output<typeof ChannelPage>> {
  allow(scope, 'channels:read')
  const rows = await selectChannels(scope.db, scope, undefined, page)
  return pageOf('channels', rows, await countChannels(scope.db, scope), page, visibleTeams(scope) !== null)
}

/** @throws HelioxError not_found `channels.no_channel` */
export async function oneChannel(scope: Scope, { id }: { id: ChannelId }): Promise<Channel> {
  allow(scope, 'channels:read')
  return channelOf(scope.db, scope, id)
}

export const ChannelKinds = z.array(
  z.object({
    kind: z.enum(KIND_IDS),
    label: z.string(),
    describes: z.string(),
    takesDigests: z.boolean(),
    config: z.array(KindField),
    secrets: z.array(KindField),
  }),
)

/** The kinds of channels, and what each needs to know. */
export async function channelKinds({ settings, ...scope }: ChannelScope): Promise<z.output<typeof ChannelKinds>> {
  allow(scope, 'channels:read')
  return KINDS.map(({ id, describes, takesDigests, config, secrets }) => {
    const fields = fieldsOf(config).map((field) => {
      if (field.name !== 'provider' || settings.mail) return field
      return { ...field, choices: field.choices.filter((choice) => choice !== 'binding') }
    })
    const kind = id as KindId
    return { kind, label: KIND_NAMES[kind], describes, takesDigests, config: fields, secrets: fieldsOf(secrets) }
  })
}
