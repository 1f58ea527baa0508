import type { Role } from '../../../db/schema/users.ts'
import type { EpochMs } from '../../../db/units/time.ts'

/** What one sign-in has made up for itself, so that its answer fits nobody else's question. */
export type Secrets = {
  /** Comes back in the address: the answer belongs to this browser. */
  readonly state: string
  /** Comes back inside the signed token: the token was made for this question. */
  readonly nonce: string
  /** PKCE (RFC 7636): only who asked can turn the code into a token. */
  readonly verifier: string
}

export type Question = Secrets & {
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string
  readonly now: () => EpochMs
}

/** What a provider says of a person who has just signed in there. */
export type Vouched = {
  /** With `subject`, for ever the same person. */
  issuer: string
  subject: string
  /** As the provider writes it; null: it told none. */
  email: string | null
  /** The provider has seen that the address is the person's. Nothing but this links or makes an account. */
  isEmailVerified: boolean
  /** '' where it told none. */
  name: string
  /** What its claims make the person here; null: they say nothing about it. */
  role: Role | null
}

/** Somebody who vouches for people. */
export type Provider = {
  /** Part of the address: `/api/v1/auth/sso/<id>`. */
  readonly id: string
  /** On the button. */
  readonly label: string
  /** The address that asks the provider who sits in front of the browser. */
  ask(question: Question): Promise<URL>
  /**
   * What the provider answers: checks the parameters of the address that the browser came back to, then asks for the
   * token and for the person. Throws whatever the library or the network throws: see `refusalOf`.
   */
  hear(parameters: URLSearchParams, question: Question): Promise<Vouched>
}
