import { PageHeading } from '../components/page-heading.tsx'

/** Every job with what it held and what it cost. */
export default function JobsPage() {
  return (
    <div class="page">
      <PageHeading title="Jobs" />
    </div>
  )
}
