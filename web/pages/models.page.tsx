import { PageHeading } from '../components/page-heading.tsx'

/** What models cost, and what one job, GPU-hour and token of each costs. */
export default function ModelsPage() {
  return (
    <div class="page">
      <PageHeading title="Models" />
    </div>
  )
}
