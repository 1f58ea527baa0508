import { expect, test } from 'vitest'
import { startHeliox } from '../testing.ts'
import { NewPassword, requireUnlikeEmail } from './new-password.ts'

const problem = (password: string) => NewPassword.safeParse(password).error?.issues.map(({ message }) => message)
const GUESSED = ['is one of those that are guessed first: choose another']

test('a password has 8 to 256 characters of any kind, and no rule of composition', () => {
  expect(problem('1234567')).toEqual(['must have at least 8 characters'])
  expect(problem('🦀🐳🐙🐬')).toEqual(['must have at least 8 characters']) // four characters in eight UTF-16 units
  expect(problem(`long ${'x'.repeat(251)}`)).toBeUndefined()
  expect(problem(`long ${'x'.repeat(252)}`)).toEqual(['must have at most 256 characters'])
  for (const fine of ['correct horse', 'zwölf boxkämpfer', 'wörter 🦀 und mehr', 'nineteen eighty', 'kq7vzm2x'])
    expect([fine, problem(fine)]).toEqual([fine, undefined])
})

test('the passwords that everybody tries first are refused, however they are written', () => {
  for (const common of ['password', 'PassWord1', 'trustno1', 'P@ssw0rd', 'qwertyuiop', 'sunshine1', 'iloveyou'])
    expect([common, problem(common)]).toEqual([common, GUESSED])
  expect(problem('ｐａｓｓｗｏｒｄ')).toEqual(GUESSED) // full-width letters, which NFKC makes plain
})

test('rows, repeated pieces and the name of the product are refused', () => {
  const weak = ['xxxxxxxxxx', '23456789', 'hgfedcba', 'abxabxabxabx', 'passwordpassword', 'Heliox2026!', 'helioxheliox']
  for (const text of weak) expect([text, problem(text)]).toEqual([text, GUESSED])
})

test('a password that is the owner’s e-mail or a part of it is refused by the name of the field', () => {
  const refused = { code: 'auth.password_like_email', details: ['password: must not be your e-mail or a part of it'] }
  for (const text of ['Ada.Lovelace@example.com', 'ada.lovelace', 'ADA.LOVELACE99', 'ada.lovelaceada.lovelace'])
    expect(() => requireUnlikeEmail(text, 'ada.lovelace@example.com')).toThrow(expect.objectContaining(refused))
  expect(() => requireUnlikeEmail('ada.lovelace wrote notes', 'ada.lovelace@example.com')).not.toThrow()
  expect(() => requireUnlikeEmail('a7463920', 'a@example.com')).not.toThrow()
})

test('whoever registers is told about a common password at its field, on both wires', async () => {
  const { write, trpc, stranger } = await startHeliox()
  const account = { email: 'ada.lovelace@example.com', password: 'password1' }
  const detail = 'password: is one of those that are guessed first: choose another'
  const answer = await write('POST', '/api/v1/auth/register', account)
  expect([answer.status, answer.body.error.details]).toEqual([400, [detail]])
  await expect(trpc.auth.register.mutate(account)).rejects.toMatchObject({ data: { details: [detail] } })
  const own = await write('POST', '/api/v1/auth/register', { ...account, password: 'ada.lovelace1' })
  expect([own.status, own.body.error.code]).toEqual([400, 'auth.password_like_email'])
  expect((await stranger('/api/v1/auth/me')).status).toBe(401)
})

test('the settings’ administrator may have no common password, unless at home', async () => {
  const admin = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: 'baseball1' }
  const secrets = { SECRET_KEY: 'kZ3vQ8xW1nB5mC7rT9yU2iO4pA6sD0fG', ADMIN_API_KEY: 'kZ3vQ8xW1nB5mC7rT9yU2iO4' }
  const production = await startHeliox({ settings: { ...admin, ...secrets, ENV: 'production' } })
  const refused = await production.stranger('/health')
  expect(refused.status).toBe(503)
  expect(await refused.text()).toContain('ADMIN_PASSWORD: is one of those that are guessed first')
  const home = await startHeliox({ settings: admin })
  expect((await home.stranger('/health')).status).toBe(200)
})
