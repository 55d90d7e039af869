/** How does a file get into the local bucket's inbox, past the API? Through the emulator's own door, as a program with access to the bucket would do it in production. */
import type { FileInfo } from '../../shared/client/api.ts'
import { CommandError } from './command.ts'
import { LOCAL_USER } from './local-user.ts'
import type { Progress } from './progress.ts'
import type { LocalList, Session } from './session.ts'
import { emulatorApi } from './tick.ts'

const BUCKET = 'list-cutter'
const ASK_AGAIN_MS = 250
/** The emulator holds the whole object in memory while it puts it. */
const DROP_BYTES_MAX = 500_000_000

/** Puts the object into the inbox; its etag. Nothing tells the service: its next tick finds it. */
export const putIntoInbox = async (url: string, { name, bytes }: LocalList): Promise<string> => {
  if (bytes.size > DROP_BYTES_MAX) throw new CommandError(`${name} is too large to drop locally: use npm run cut, which uploads in parts.`)
  const place = emulatorApi(url, `/r2/buckets/${BUCKET}/objects/${encodeURIComponent(`inbox/${LOCAL_USER}/${name}`)}`)
  const response = await fetch(place, { method: 'PUT', body: bytes, headers: { 'content-type': 'text/csv' } })
  const answer = (await response.json()) as { success?: boolean; result?: { etag: string }; errors?: { message: string }[] }
  if (answer.success && answer.result) return answer.result.etag
  throw new CommandError(`The bucket did not take ${name}: ${answer.errors?.[0]?.message ?? response.status}`)
}

/** The file that an inbox object became. */
export const adoptedFile = async ({ api, signal }: Session, name: string, etag: string, progress: Progress): Promise<FileInfo> => {
  progress.stage('waiting until the service finds it')
  for (;;) {
    signal.throwIfAborted()
    const { data } = await api.files({ name })
    const file = data.find((found) => found.source === 'inbox' && found.etag === etag)
    if (file) return file
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS))
  }
}
