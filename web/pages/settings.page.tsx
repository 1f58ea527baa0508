import { PageHeading } from '../components/page-heading.tsx'

/** What the company has decided for everybody. */
export default function SettingsPage() {
  return (
    <div class="page">
      <PageHeading title="Settings" />
    </div>
  )
}
