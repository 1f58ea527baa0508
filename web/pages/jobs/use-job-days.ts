import { useQuery } from '@tanstack/solid-query'
import { api } from '../../api.ts'

const LIMIT = 31

/** A month of a job's days with what each cost and why, and what all of them cost: one answer for all who show of it. */
export function useJobDays(job: () => { jobId: string; skip: number }) {
  return useQuery(() => {
    const { jobId, skip } = job()
    return {
      queryKey: ['jobs.cost', jobId, skip],
      queryFn: () => api.jobs.cost.query({ id: jobId, skip, limit: LIMIT }),
    }
  })
}
