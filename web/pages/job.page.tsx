import { PageHeading } from '../components/page-heading.tsx'

/** One job. */
export default function JobPage() {
  return (
    <div class="page">
      <PageHeading title="Job" />
    </div>
  )
}
