/** What a source is, and how to set up each kind, for who has none yet. */
export function EmptySources(props: { mayWrite: boolean }) {
  return (
    <div class="source-guide">
      <p>
        Nothing is pulled yet.{' '}
        {props.mayWrite
          ? 'Set up the first source; here is what each kind needs.'
          : 'An administrator sets up sources.'}
      </p>
      <section>
        <h3>AWS bill: FOCUS or Cost and Usage Report</h3>
        <ol>
          <li>In AWS, open Billing and Cost Management, Data Exports, and create a standard data export.</li>
          <li>
            Choose <b>FOCUS 1.2 with AWS columns</b> or CUR 2.0, with <b>gzip – text/csv</b> as compression and file
            type, and overwrite existing data export files.
          </li>
          <li>Name a bucket and a prefix. The first files come within a day.</li>
          <li>
            Make an IAM user whose policy allows <code>s3:ListBucket</code> on the bucket and <code>s3:GetObject</code>{' '}
            below the prefix, nothing else, and an access key for it.
          </li>
          <li>
            Here, choose S3 bucket with that bucket and region; the prefix is <code>prefix/export-name/</code>. A newer
            export of a month takes the place of the older one.
          </li>
        </ol>
      </section>
      <section>
        <h3>Any other bucket</h3>
        <p>
          MinIO, Cloudflare R2, Ceph and others: name their endpoint. Objects are read once, and again when they change.
          Folders such as <code>BILLING_PERIOD=2026-01</code> are taken as one bill each.
        </p>
      </section>
      <section>
        <h3>Web address</h3>
        <p>
          A file at an https address, such as <code>{'https://example.com/{yyyy}-{mm}-{dd}.csv'}</code> for yesterday’s.
          Headers may carry a token.
        </p>
      </section>
      <section>
        <h3>OpenCost</h3>
        <p>
          The address of its API, as <code>http://opencost.opencost.svc:9003</code>. Yesterday and the two days before
          it are asked for each day.
        </p>
      </section>
      <section>
        <h3>Prometheus</h3>
        <p>
          With NVIDIA’s DCGM exporter it knows how busy each GPU was. Its address is enough: the query for{' '}
          <code>DCGM_FI_PROF_GR_ENGINE_ACTIVE</code>, else <code>DCGM_FI_DEV_GPU_UTIL</code>, comes with Heliox.
        </p>
      </section>
    </div>
  )
}
