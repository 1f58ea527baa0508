import { expect, test } from 'vitest'
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
