/** A key that holds a fence is written once: by whom, is told by the bytes that lie there. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { md5, sha256 } from '../../shared/base/crypto.ts'
import { ObjectWriter } from '../../shared/files/object-writer.ts'
import { holds, putOnce } from '../../shared/files/put-once.ts'
import { r2Store } from '../../shared/files/store.ts'

const store = r2Store(env.BUCKET)
const CSV = utf8('name,age\nAda,36\n')
const newKey = () => `work/${crypto.randomUUID()}/0/1`
const textAt = async (key: string): Promise<string | undefined> => (await env.BUCKET.get(key))?.text()

describe('an object put once', () => {
  it('is written, with its type and its verified digest', async () => {
    const key = newKey()
    const object = await putOnce(store, key, CSV, { contentType: 'text/csv' })
    expect(object).toMatchObject({ key, bytes: CSV.length, etag: md5(CSV), sha256: sha256(CSV) })
    expect((await env.BUCKET.head(key))?.httpMetadata?.contentType).toBe('text/csv')
  })

  it('a second time is the first one, not written again', async () => {
    const key = newKey()
    const first = await putOnce(store, key, CSV)
    const before = await env.BUCKET.head(key)
    expect(await putOnce(store, key, CSV)).toEqual(first)
    expect((await env.BUCKET.head(key))?.version).toBe(before?.version)
  })

  it('is found by its etag where it was put without a digest', async () => {
    const key = newKey()
    const { etag } = (await env.BUCKET.put(key, CSV))!
    expect(await putOnce(store, key, CSV)).toMatchObject({ key, etag, bytes: CSV.length })
  })

  it.each([
    ['of another length', 'name,age\n'],
    ['of the same length', 'name,age\nAda,37\n'],
  ])('does not take the place of other bytes %s', async (_, other) => {
    const key = newKey()
    await env.BUCKET.put(key, other)
    await expect(putOnce(store, key, CSV)).rejects.toMatchObject({ code: 'object_taken' })
    expect(await textAt(key)).toBe(other)
  })

  it('whose key was freed between the refusal and the look is not there', async () => {
    const gone = { put: async () => null, head: async () => null }
    await expect(putOnce(gone, newKey(), CSV)).rejects.toMatchObject({ code: 'object_taken' })
  })
})

it('the etag of an object in parts is no MD5: it never passes for an object put whole', () => {
  expect(holds({ key: 'k', etag: `${md5(CSV)}-1`, bytes: CSV.length, uploadedAt: 0 }, CSV, sha256(CSV))).toBe(false)
})

describe('a writer', () => {
  const written = async (key: string, text: string) => {
    const writer = new ObjectWriter(store, key, 'text/csv')
    await writer.write(utf8(text))
    return writer.finish()
  }

  it('that was overtaken under its key changes nothing', async () => {
    const key = newKey()
    await written(key, 'the first\n')
    await expect(written(key, 'the second\n')).rejects.toMatchObject({ code: 'object_taken' })
    expect(await textAt(key)).toBe('the first\n')
  })

  it('that writes the same again gets the same object', async () => {
    const key = newKey()
    expect(await written(key, 'the same\n')).toEqual(await written(key, 'the same\n'))
  })

  it('of nothing publishes an empty object', async () => {
    const key = newKey()
    expect(await written(key, '')).toMatchObject({ key, bytes: 0, sha256: sha256('') })
  })
})
