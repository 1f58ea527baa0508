import { bodyOf, type Question } from './ask-model.ts'

export const LANGUAGES = { curl: 'curl', python: 'Python', typescript: 'TypeScript' } as const
export type Language = keyof typeof LANGUAGES

/** The same call from a program, with an API key in HELIOX_API_KEY. A key knows its team, so none is named. */
export function snippetOf(language: Language, question: Question, baseUrl: string): string {
  const body = bodyOf(question)
  if (language === 'curl')
    return `curl ${baseUrl}/chat/completions \\
  -H "Authorization: Bearer $HELIOX_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d ${shellQuoted(JSON.stringify(body))}`
  if (language === 'python')
    return `import os
from openai import OpenAI

client = OpenAI(base_url="${baseUrl}", api_key=os.environ["HELIOX_API_KEY"])
answer = client.chat.completions.create(
${Object.entries(body)
  .map(([name, value]) => `    ${name}=${JSON.stringify(value)},`)
  .join('\n')}
)
print(answer.choices[0].message.content)`
  return `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: '${baseUrl}', apiKey: process.env.HELIOX_API_KEY })
const answer = await client.chat.completions.create(${JSON.stringify(body, null, 2)})
console.log(answer.choices[0].message.content)`
}

/** For a shell: nothing in it is run. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
