import { PageHeading } from '../components/page-heading.tsx'

export default function PlaygroundPage() {
  return <PageHeading title="Playground" />
}
