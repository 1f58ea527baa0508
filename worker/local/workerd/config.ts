import { relative, sep } from 'node:path'
import { unstable_readConfig } from 'wrangler'

export type WorkerdConfig = {
  /** Where the Worker answers: "127.0.0.1:8787". */
  address: string
  /** Where the configuration will lie. */
  folder: string
  /** Of the built Worker, the front, the page and what the meter keeps. */
  paths: { worker: string; front: string; page: string; meter: string; wrangler: string }
  pageHeaders: string
  /** Names of settings; their values come with the environment of the process, and stand in no file. */
  settings: readonly string[]
  besidePort: number
  /** A proxy before it says who the client is and whether it spoke https. */
  isBehindProxy: boolean
}

/**
 * The configuration of workerd in its own words (Cap'n Proto text): one Worker on one socket with nothing in between, the
 * meter's SQLite on disk, and a socket of its own for the clock and the queue.
 */
export function workerdConfig(config: WorkerdConfig): string {
  const { address, folder, paths, pageHeaders, settings, besidePort, isBehindProxy } = config
  const { compatibility_date: date, compatibility_flags: flags } = unstable_readConfig({ config: paths.wrangler })
  // A client's own word on its address counts only where a proxy overwrites it.
  const http = isBehindProxy
    ? '(forwardedProtoHeader = "x-forwarded-proto")'
    : '(injectRequestHeaders = [(name = "cf-connecting-ip")])'
  const bindings = [
    '(name = "FILES", service = "page")',
    '(name = "BESIDE", service = "beside")',
    `(name = "PAGE_HEADERS", text = ${text(pageHeaders)})`,
    '(name = "METER", durableObjectNamespace = "Meter")',
    ...settings.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`),
  ]
  const embedded = (path: string) => text(relative(folder, path).split(sep).join('/')) // an absolute one is none to it
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  sockets = [
    (name = "http", address = ${text(address)}, http = ${http}, service = "heliox"),
    (name = "control", address = "127.0.0.1:0", http = (), service = (name = "heliox", entrypoint = "control")),
  ],
  services = [
    (name = "heliox", worker = (
      modules = [
        (name = "front.js", esModule = embed ${embedded(paths.front)}),
        (name = "index.js", esModule = embed ${embedded(paths.worker)}),
      ],
      compatibilityDate = ${text(date ?? '')},
      compatibilityFlags = [${flags.map(text).join(', ')}],
      bindings = [
        ${bindings.join(',\n        ')}
      ],
      globalOutbound = "outside",
      durableObjectNamespaces = [(className = "Meter", uniqueKey = "heliox-meter", enableSql = true, preventEviction = true)],
      durableObjectStorage = (localDisk = "meter"),
    )),
    (name = "page", disk = (path = ${text(paths.page)})),
    (name = "meter", disk = (path = ${text(paths.meter)}, writable = true)),
    (name = "beside", external = (address = "127.0.0.1:${besidePort}", http = ())),
    (name = "outside", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
  ],
);
`
}

/** A text of Cap'n Proto is one of C. */
function text(value: string): string {
  return JSON.stringify(value)
}
