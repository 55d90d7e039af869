/** What R2 says, what is asked again, and what is made of an answer that was lost. */
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { md5 } from '../../shared/base/crypto.ts'
import { steadyStore } from '../../shared/files/steady-store.ts'
import { r2Store, type Store, type StoredObject } from '../../shared/files/store.ts'
import { cases } from '../support/cases.ts'
import { noted } from '../support/patience.ts'

const BUSY = 'put: Reduce your concurrent request rate for the same object. (10058)'
const BROKEN = 'put: We encountered an internal error. Please try again. (10001)'
const GONE = 'completeMultipartUpload: The specified multipart upload does not exist. (10024)'
const CSV = utf8('a,b\n1,2\n')

/** A bucket of one object: each call takes its turn from `plan`: a message to fail with before, `done: message` to do it and lose the answer, '' to work. */
const bucket = (...plan: string[]) => {
  const calls: string[] = []
  const objects = new Map<string, { etag: string; size: number }>()
  let isOpen = true
  const turn = async <T>(name: string, work: () => T): Promise<T> => {
    calls.push(name)
    const fate = plan.shift() ?? ''
    if (fate.startsWith('done: ')) work()
    if (fate !== '') throw new Error(fate)
    return work()
  }
  const shown = (key: string) => {
    const object = objects.get(key)
    return object ? { key, ...object, uploaded: new Date(0), checksums: {} } : null
  }
  const upload = {
    uploadPart: (number: number) => turn('uploadPart', () => ({ partNumber: number, etag: `part-${calls.length}` })),
    complete: (parts: readonly unknown[]) =>
      turn('complete', () => {
        if (!isOpen) throw new Error(GONE)
        isOpen = false
        objects.set('key', { etag: `abc-${parts.length}`, size: 9 })
        return shown('key')
      }),
    abort: () => turn('abort', () => undefined),
  }
  const r2 = {
    head: (key: string) => turn('head', () => shown(key)),
    get: (key: string) => turn('get', () => shown(key)),
    list: () => turn('list', () => ({ objects: [], truncated: false })),
    delete: (key: string) => turn('delete', () => void objects.delete(key)),
    put: (key: string, bytes: Uint8Array, { onlyIf }: { onlyIf?: unknown }) =>
      turn('put', () => {
        if (onlyIf && objects.has(key)) return null
        objects.set(key, { etag: md5(bytes), size: bytes.length })
        return shown(key)
      }),
    createMultipartUpload: () => turn('create', () => ({ uploadId: 'u' })),
    resumeMultipartUpload: () => upload,
  } as unknown as R2Bucket
  return { store: steadyStore(r2Store(r2), noted().patience), calls, objects }
}

type Work = (store: Store) => Promise<unknown>
const WORKS: Record<string, Work> = {
  head: (store) => store.head('key'),
  read: (store) => store.read('key', 'e'),
  list: (store) => store.list('', null, 1),
  put: (store) => store.put('key', CSV),
  create: (store) => store.createMultipart('key'),
  part: (store) => store.uploadPart('key', 'u', 1, CSV),
  streamed: (store) => store.uploadPart('key', 'u', 1, new Blob([CSV]).stream()),
  complete: (store) => store.completeMultipart('key', 'u', []),
  abort: (store) => store.abortMultipart('key', 'u'),
  remove: (store) => store.remove('key'),
}

cases<[string, string, number]>(
  'asked of a storage that fails every time,',
  [
    ['a look is asked five times', 'head', BROKEN, 5],
    ['a reading is asked five times', 'read', BROKEN, 5],
    ['a listing is asked five times', 'list', BROKEN, 5],
    ['a put is asked five times', 'put', BROKEN, 5],
    ['a part from memory is asked five times', 'part', BROKEN, 5],
    ['a part from a stream is asked once: its bytes are gone', 'streamed', BUSY, 1],
    ['a join is asked five times', 'complete', BROKEN, 5],
    ['giving up is asked five times', 'abort', BROKEN, 5],
    ['removing is asked five times', 'remove', BROKEN, 5],
    ['beginning in parts is asked once where it may have begun', 'create', BROKEN, 1],
    ['beginning in parts is asked five times where it was refused', 'create', BUSY, 5],
  ],
  async (name, message, times) => {
    const { store, calls } = bucket(...Array.from({ length: 9 }, () => message))
    await expect(WORKS[name]!(store)).rejects.toMatchObject({ code: 'storage_unavailable', facts: { retryAfterS: 2 } })
    expect(calls).toHaveLength(times)
  },
)

it('what another try would not change is asked once', async () => {
  const { store, calls } = bucket('put: The object is too large. (10010)')
  await expect(store.put('key', CSV)).rejects.toThrow('10010')
  expect(calls).toEqual(['put'])
})

describe('a create-only put', () => {
  const once = (store: Store, bytes = CSV): Promise<StoredObject | null> => store.put('key', bytes, { createOnly: true })

  it('whose answer was lost finds what it has done', async () => {
    const { store, calls } = bucket(`done: ${BROKEN}`)
    expect(await once(store)).toMatchObject({ key: 'key', etag: md5(CSV), bytes: CSV.length })
    expect(calls).toEqual(['put', 'put', 'head'])
  })

  it('that was refused is done at the next try', async () => {
    const { store, calls } = bucket(BUSY)
    expect(await once(store)).toMatchObject({ etag: md5(CSV) })
    expect(calls).toEqual(['put', 'put'])
  })

  it('that finds another’s bytes is refused, lost answer or not', async () => {
    const { store, objects } = bucket('', BROKEN)
    await once(store, utf8('someone else’s'))
    expect(await once(store)).toBeNull()
    expect(await once(store)).toBeNull()
    expect(objects.get('key')?.etag).toBe(md5(utf8('someone else’s')))
  })
})

describe('a join', () => {
  const parts = [
    { number: 1, etag: 'a' },
    { number: 2, etag: 'b' },
  ]

  it('whose answer was lost finds what it has done', async () => {
    const { store, calls } = bucket(`done: ${BROKEN}`)
    expect(await store.completeMultipart('key', 'u', parts)).toMatchObject({ key: 'key', etag: 'abc-2' })
    expect(calls).toEqual(['complete', 'complete', 'head'])
  })

  it('of an upload that someone else has ended is told so', async () => {
    const { store } = bucket()
    await store.completeMultipart('key', 'u', parts)
    await expect(store.completeMultipart('key', 'u', parts)).rejects.toThrow('10024')
  })

  it('does not take an object of other parts for its own', async () => {
    const { store } = bucket('', BROKEN)
    await store.completeMultipart('key', 'u', [...parts, { number: 3, etag: 'c' }])
    await expect(store.completeMultipart('key', 'u', parts)).rejects.toThrow('10024')
  })
})
