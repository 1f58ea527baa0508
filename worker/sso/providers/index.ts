import { z } from 'zod'
import { HelioxError } from '../../errors.ts'
import type { SsoSettings } from '../settings.ts'
import { github } from './github.ts'
import { google } from './google.ts'
import { oidc } from './oidc.ts'
import type { Provider } from './provider.ts'

/** Every provider there is, in the order of the buttons: a new one is one file and one line here. */
const PROVIDERS: readonly ((sso: SsoSettings) => Provider | null)[] = [oidc, google, github]

/** What a sign-in page has to know. */
export const ProviderList = z.object({
  providers: z.array(
    z.object({
      id: z.string().meta({ examples: ['google'] }),
      label: z.string().meta({ examples: ['Continue with Google'] }),
    }),
  ),
})
export type ProviderList = z.output<typeof ProviderList>

/** Those that are set up. */
export function providersOf(sso: SsoSettings): Provider[] {
  return PROVIDERS.flatMap((provider) => provider(sso) ?? [])
}

/** Names and labels of those that are set up. A door: `auth.me` tells the sign-in page. */
export function providerList(sso: SsoSettings): ProviderList {
  return { providers: providersOf(sso).map(({ id, label }) => ({ id, label })) }
}

/** @throws HelioxError not_found `sso.unknown_provider` */
export function providerNamed(sso: SsoSettings, id: string): Provider {
  const provider = providersOf(sso).find((one) => one.id === id)
  if (!provider) throw new HelioxError('not_found', 'sso.unknown_provider', 'That way to sign in is not set up')
  return provider
}
