/** What happens around the storing of a file: events that are faster than we are, and everything that can break off midway. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../shared/base/crypto.ts'
import { AppError } from '../../shared/base/errors.ts'
import type { FileId } from '../../shared/base/ids.ts'
import { keptContentType } from '../../shared/files/content-type.ts'
import { findFile } from '../../shared/files/file.sql.ts'
import { receiveFile } from '../../shared/files/receive.ts'
import { markStored } from '../../shared/files/settle.sql.ts'
import { tellingStore } from '../../shared/files/storage-events.ts'
import { r2Store, type Store } from '../../shared/files/store.ts'
import type { StorageEvent } from '../../shared/messages/message.ts'
import type { Ports } from '../../shared/ports.ts'
import { type Client, newClient, ports } from '../support/api-client.ts'
import { count, objects } from '../support/api-make.ts'

const CSV = 'name,age\nada,36\n'
const ABOUT = { name: 'a.csv', contentType: keptContentType(null), tags: [], analyse: true, hints: {} }

async function* bytes(...pieces: (string | Error)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const piece of pieces) {
    if (piece instanceof Error) throw piece
    yield new TextEncoder().encode(piece)
  }
}

const receive = (client: Client, with_: Partial<Ports>, ...pieces: (string | Error)[]) =>
  receiveFile({ ...ports, ...with_ }, client.id, { pieces: bytes(...pieces), about: () => ABOUT })

/** A store that tells `heard` of what becomes visible, before the writer knows it. */
const telling = (heard: (event: StorageEvent) => Promise<void>): Store =>
  tellingStore(r2Store(env.BUCKET), { send: (_, body) => heard(body as StorageEvent) }, ports.clock)

const BIG = 'a,b\n'.repeat(3_000_000)

describe('a storage event', () => {
  it('is told of a small file and of one in parts, once each', async () => {
    const me = await newClient()
    const heard: string[] = []
    const store = telling(async (event) => void heard.push(`${event.action} ${event.object.size}`))
    await receive(me, { store }, CSV)
    await receive(me, { store }, BIG)
    expect(heard).toEqual([`PutObject ${CSV.length}`, `CompleteMultipartUpload ${BIG.length}`])
  })

  it('that marks the file stored before we do leaves it as if we had been first', async () => {
    const me = await newClient()
    const faster = telling(async ({ object }) => {
      const id = object.key.split('/')[2] as FileId
      await ports.db.run(markStored(id, { key: object.key, etag: object.eTag!, bytes: object.size!, uploadedAt: 0 }, null, 7))
    })
    const overtaken = await receive(me, { store: faster }, CSV)
    expect(overtaken).toMatchObject({ state: 'stored', sha256: sha256(CSV), bytes: CSV.length, stored_at: 7 })
    expect(await receive(me, {}, CSV)).toMatchObject({ state: 'stored', sha256: sha256(CSV), bytes: CSV.length, etag: overtaken.etag })
  })

  it('finds the row of its file', async () => {
    const me = await newClient()
    const found: unknown[] = []
    const store = telling(
      async ({ object }) => void found.push((await findFile(ports.db, me.id, object.key.split('/')[2] as FileId))?.state),
    )
    await receive(me, { store }, CSV)
    expect(found).toEqual(['uploading'])
  })
})

const broken = new AppError('storage_unavailable', 'The storage does not answer.')
const failing = (part: Partial<Store>): Store => ({ ...r2Store(env.BUCKET), ...part })
const refuse = async (): Promise<never> => {
  throw broken
}

describe('nothing is left', () => {
  it.each<[string, Partial<Ports>, (string | Error)[]]>([
    ['when the client leaves after the first bytes', {}, [CSV, new Error('gone')]],
    ['when the client leaves after several parts', {}, [BIG, BIG, new Error('gone')]],
    ['when the client leaves before the first byte', {}, [new Error('gone')]],
    ['when the object cannot be written', { store: failing({ put: refuse }) }, [CSV]],
    ['when a part cannot be written', { store: failing({ uploadPart: refuse }) }, [BIG]],
    ['when the parts cannot be joined', { store: failing({ completeMultipart: refuse }) }, [BIG]],
    ['when the object was written and its event could not be sent', { store: telling(refuse) }, [CSV]],
    ['when the row cannot be written', { db: { ...ports.db, run: refuse } }, [CSV]],
  ])('%s', async (_, with_, pieces) => {
    const me = await newClient()
    await expect(receive(me, with_, ...pieces)).rejects.toThrow()
    expect(await count(me, 'files')).toBe(0)
    expect(await objects(me)).toEqual([])
  })

  it('of a multipart upload that was given up', async () => {
    const me = await newClient()
    const begun: string[][] = []
    const store = r2Store(env.BUCKET)
    const noting = failing({
      createMultipart: async (key, type) => {
        const id = await store.createMultipart(key, type)
        begun.push([key, id])
        return id
      },
    })
    await expect(receive(me, { store: noting }, BIG, new Error('gone'))).rejects.toThrow('gone')
    const [key, id] = begun[0]!
    await expect(store.uploadPart(key!, id!, 1, new Uint8Array(1))).rejects.toThrow('10024')
  })
})

it('a file that its event has already settled is there when our own commit fails', async () => {
  const me = await newClient()
  const store = telling(async ({ object }) => {
    await ports.db.run(
      markStored(object.key.split('/')[2] as FileId, { key: object.key, etag: object.eTag!, bytes: object.size!, uploadedAt: 0 }, null, 7),
    )
  })
  expect(await receive(me, { store, db: { ...ports.db, batch: refuse } }, CSV)).toMatchObject({ state: 'stored' })
  expect(await objects(me)).toHaveLength(1)
  expect(await count(me, 'files')).toBe(1)
})
