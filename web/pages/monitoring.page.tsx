import { PageHeading } from '../components/page-heading.tsx'

/** Whether Heliox itself is well. */
export default function MonitoringPage() {
  return (
    <div class="page">
      <PageHeading title="Monitoring" />
    </div>
  )
}
