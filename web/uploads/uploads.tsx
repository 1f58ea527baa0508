import { useQueryClient } from '@tanstack/solid-query'
import { createContext, createEffect, type JSX, onCleanup, useContext } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import { codeOf, statusOf } from '../api.ts'
import { type Announced, announceFile, type ImportAnswer, sendFile, type UploadOptions } from './send-file.ts'

export type Upload = {
  readonly id: number
  readonly file: File
  readonly options: UploadOptions
  /** 'sending' until the last byte has left, then 'storing' until the server answers. */
  state: 'waiting' | 'sending' | 'storing' | 'done' | 'failed'
  sentBytes: number
  /** Null until the server knows of it. */
  announced: Announced | null
  importId: string | null
  /** It broke off and may be sent on. */
  canGoOn: boolean
  answer: ImportAnswer | null
  error: unknown
}

type Uploads = {
  list: readonly Upload[]
  add: (files: readonly File[], options: UploadOptions) => void
  /** Sends on what broke off. */
  goOn: (id: number) => void
  dismiss: (id: number) => void
}
const NOT_YET = { announced: null, importId: null, canGoOn: false, answer: null, error: null }
const UploadsContext = createContext<Uploads>()

/** Keeps the queue of uploads above the pages: leaving the imports page does not stop a file on its way. */
export function UploadsProvider(props: { children: JSX.Element }) {
  const client = useQueryClient()
  const [list, setList] = createStore<Upload[]>([])
  let lastId = 0
  const change = (id: number, values: Partial<Upload>) => setList((upload) => upload.id === id, values)
  const isBusy = () => list.some(({ state }) => state === 'sending' || state === 'storing')

  // One after the other: a later file may correct an earlier one, so the order has to hold.
  const startNext = async () => {
    const next = list.find(({ state }) => state === 'waiting')
    if (!next || isBusy()) return
    const { id, file, options } = next
    change(id, { state: 'sending', error: null, canGoOn: false })
    const onSent = (sentBytes: number) =>
      change(id, { sentBytes, state: sentBytes < file.size ? 'sending' : 'storing' })
    try {
      const announced = next.announced ?? (await announceFile(file, options))
      change(id, { announced, importId: announced.upload_id })
      void client.invalidateQueries({ queryKey: ['imports.list'] }) // it stands there from now on
      const answer = await sendFile(file, announced, onSent)
      change(id, { answer, state: 'done', sentBytes: file.size })
    } catch (error) {
      change(id, { error, state: 'failed', canGoOn: isSilence(error) })
    }
    void client.invalidateQueries()
    void startNext()
  }

  createEffect(() => {
    if (!isBusy()) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    onCleanup(() => window.removeEventListener('beforeunload', warn))
  })

  const uploads: Uploads = {
    list,
    add(files, options) {
      const fresh = files.map((file): Upload => {
        lastId += 1
        return { id: lastId, file, options, state: 'waiting', sentBytes: 0, ...NOT_YET }
      })
      setList(produce((all) => all.push(...fresh)))
      void startNext()
    },
    goOn(id) {
      change(id, { state: 'waiting', sentBytes: 0 })
      void startNext()
    },
    dismiss: (id) => setList((all) => all.filter((upload) => upload.id !== id)),
  }
  return <UploadsContext.Provider value={uploads}>{props.children}</UploadsContext.Provider>
}

/** Nobody said no: the connection broke off, or the server still thinks that it has not. */
function isSilence(error: unknown): boolean {
  return (statusOf(error) ?? 503) >= 500 || codeOf(error) === 'ingest.not_resumable'
}

export function useUploads(): Uploads {
  const uploads = useContext(UploadsContext)
  if (!uploads) throw new Error('useUploads outside UploadsProvider')
  return uploads
}
