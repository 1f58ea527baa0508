import Bowser from 'bowser'

const LONGEST = 60

/** What a person calls what they signed in with: "Firefox on Linux"; for other programs what they call themselves. */
export function deviceName(userAgent: string): string {
  if (userAgent === '') return 'Unknown device'
  const { browser, os } = Bowser.parse(userAgent)
  if (!browser.name) return userAgent.length > LONGEST ? `${userAgent.slice(0, LONGEST)}…` : userAgent
  return os.name ? `${browser.name} on ${os.name}` : browser.name
}
