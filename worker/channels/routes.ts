import { z } from 'zod'
import { deliverBeside } from '../deliveries/deliver-beside.ts'
import { IdText, Paging, SeenVersion } from '../input-fields.ts'
import { rest } from '../rest.ts'
import { Channel } from './channel.ts'
import { ChannelChanges, NewChannel } from './channel-input.ts'
import { createChannel, WrittenChannel } from './create-channel.ts'
import { ChannelKinds, ChannelPage, channelKinds, listChannels, oneChannel } from './list-channels.ts'
import { removeChannel } from './remove-channel.ts'
import { ChannelTest, testChannel } from './test-channel.ts'
import { updateChannel } from './update-channel.ts'

const id = IdText('chan')

export const channelsRoutes = [
  rest(
    'GET',
    '/channels',
    { summary: 'Where Heliox tells people, by name', input: z.object(Paging), answers: ChannelPage },
    listChannels,
  ),
  rest(
    'GET',
    '/channels/kinds',
    { summary: 'The kinds of channels, and what each needs to know', input: z.object({}), answers: ChannelKinds },
    (scope, _input, { settings }) => channelKinds({ ...scope, settings }),
  ),
  rest(
    'POST',
    '/channels',
    { summary: 'Set up a channel', input: NewChannel, answers: WrittenChannel, status: 201 },
    (scope, input, { settings }) => createChannel({ ...scope, settings }, input),
  ),
  rest('GET', '/channels/:id', { summary: 'One channel', input: z.object({ id }), answers: Channel }, oneChannel),
  rest(
    'PUT',
    '/channels/:id',
    {
      summary: 'Change a channel; secrets that are not given are kept',
      ...{ input: ChannelChanges.extend({ id }), answers: WrittenChannel },
    },
    (scope, input, { settings }) => updateChannel({ ...scope, settings }, input),
  ),
  rest(
    'DELETE',
    '/channels/:id',
    {
      summary: 'Remove a channel with its messages',
      ...{ input: z.object({ id, version: SeenVersion }), status: 204 },
    },
    (scope, input, { settings }) => removeChannel({ ...scope, settings }, input),
  ),
  rest(
    'POST',
    '/channels/:id/test',
    { summary: 'Send a test message now, and say what came back', input: z.object({ id }), answers: ChannelTest },
    async (scope, input, asking) => {
      const answer = await testChannel({ ...scope, settings: asking.settings }, input)
      if (answer.isFine) deliverBeside(scope, asking)
      return answer
    },
  ),
]
