import type { JobStatus } from '../../../db/schema/jobs.ts'

/**
 * Slurm's job states and flags with their codes (slurm.schedmd.com/job_state_codes.html and squeue's, read 2026-11), as
 * ours. What can still hold its nodes is running: a suspended job keeps its GPUs ("If a job is suspended, those resources
 * do not become available for use by other jobs", slurm.schedmd.com/gres.html), and so does one that is completing.
 */
const NAMES: Record<JobStatus, string> = {
  completed: 'COMPLETED CD',
  failed: `FAILED F TIMEOUT TO NODE_FAIL NF OUT_OF_MEMORY OUT_OF_ME OOM BOOT_FAIL BF DEADLINE DL LAUNCH_FAILED
    RECONFIG_FAIL`,
  cancelled: 'CANCELLED CA PREEMPTED PR REVOKED RV REQUEUED RQ',
  running: `RUNNING R SUSPENDED S COMPLETING CG CONFIGURING CF RESIZING RS SIGNALING SI STAGE_OUT SO STOPPED ST
    POWER_UP_NODE UPDATE_DB EXPEDITING`,
  pending: 'PENDING PD REQUEUE_HOLD RH REQUEUE_FED RF SPECIAL_EXIT SE RESV_DEL_HOLD RD',
}

const STATES = new Map(
  Object.entries(NAMES).flatMap(([status, names]) =>
    names.split(/\s+/).map((name): [string, JobStatus] => [name, status as JobStatus]),
  ),
)

/** "CANCELLED by 1001" and "CANCELLED+" are CANCELLED. Undefined: no state of Slurm's. */
export function slurmState(text: string): JobStatus | undefined {
  const trimmed = text.trim()
  return STATES.get(trimmed) ?? STATES.get((/^[A-Z_]+/.exec(trimmed.toUpperCase()) ?? [''])[0])
}
