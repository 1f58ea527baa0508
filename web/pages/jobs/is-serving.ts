/** Whether a job is a deployment, which is changed under unit economics and not as a job. */
export function isServing({ source }: { source: string }): boolean {
  return source === 'deployment'
}
