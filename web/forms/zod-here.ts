import { z } from 'zod'
import { inputProblems } from '../../worker/input-problems.ts'

// It would compile its checks from text, which the page's content policy refuses. To be said before any schema is made.
z.config({ jitless: true })

export { inputProblems }
