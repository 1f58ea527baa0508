import { A } from '@solidjs/router'
import { PageHeading } from '../components/page-heading.tsx'

/** Any address that is no page. */
export default function NotFoundPage() {
  return (
    <div class="page is-narrow">
      <PageHeading title="Page not found" />
      <p>There is nothing at this address. The link may be old, or mistyped.</p>
      <p>
        <A class="button is-primary" href="/">
          Go to the overview
        </A>
      </p>
    </div>
  )
}
