/** What deleted files hold is freed, at once or by the tick, and never what is another file's. */
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import type { FileId, UserId } from '../../shared/base/ids.ts'
import { stmt } from '../../shared/db/db.ts'
import { deleteOwnFile } from '../../shared/files/delete.ts'
import { purgeDeleted } from '../../shared/files/purge.ts'
import { r2Store } from '../../shared/files/store.ts'
import { newClient, ports } from '../support/api-client.ts'
import { objects, profile, settle } from '../support/api-make.ts'

const markDeleted = (id: string) => ports.db.run(stmt(`UPDATE files SET state = 'deleted', deleted_at = 1 WHERE id = ?1`, id))

it('the tick frees the object and the profile of a deleted file, once', async () => {
  const me = await newClient()
  const id = await me.upload('a,b\n1,2\n')
  await settle(me, id)
  await profile(me, id, { version: 1 })
  const { profile_key } = (await ports.db.first<{ profile_key: string }>(stmt('SELECT profile_key FROM files WHERE id = ?1', id)))!
  await markDeleted(id)
  expect(await purgeDeleted(ports, 100)).toBe(1)
  expect(await objects(me)).toEqual([])
  expect(await ports.store.head(profile_key)).toBeNull()
  expect(await purgeDeleted(ports, 100)).toBe(0)
})

it('what the storage did not let go is tried again', async () => {
  const me = await newClient()
  await markDeleted(await me.upload('a,b\n1,2\n'))
  const refuse = async (): Promise<never> => {
    throw new Error('storage is away')
  }
  expect(await purgeDeleted({ ...ports, store: { ...r2Store(env.BUCKET), remove: refuse } }, 100)).toBe(0)
  expect(await objects(me)).toHaveLength(1)
  expect(await purgeDeleted(ports, 100)).toBe(1)
  expect(await objects(me)).toEqual([])
})

it('an inbox object that was overwritten belongs to a newer file and stays', async () => {
  const me = await newClient()
  const id = await me.upload('a,b\n1,2\n')
  const key = `inbox/${me.id}/list.csv`
  await ports.store.put(key, utf8('newer'))
  await ports.db.run(stmt(`UPDATE files SET object_key = ?2 WHERE id = ?1`, id, key))
  expect((await me.ask('DELETE', `/files/${id}`)).status).toBe(204)
  expect(await ports.store.head(key)).not.toBeNull()
})

it('an inbox object that was dropped again with the same bytes belongs to a newer file and stays', async () => {
  const me = await newClient()
  const id = await me.upload('a,b\n1,2\n')
  const { object_key } = (await ports.db.first<{ object_key: string }>(stmt(`SELECT object_key FROM files WHERE id = ?1`, id)))!
  await ports.db.run(stmt(`UPDATE files SET source = 'inbox' WHERE id = ?1`, id))
  await markDeleted(id)
  expect(await purgeDeleted(ports, 100)).toBe(1)
  expect(await ports.store.head(object_key)).not.toBeNull()
})

it('a profile that came between reading and deleting the file goes with it', async () => {
  const me = await newClient()
  const id = await me.upload('a,b\n1,2\n')
  await settle(me, id)
  const late = async (): Promise<void> => profile(me, id, { version: 1 })
  const db = { ...ports.db, batch: async (all: Parameters<typeof ports.db.batch>[0]) => late().then(() => ports.db.batch(all)) }
  await deleteOwnFile({ ...ports, db }, { owner: me.id as UserId, id: id as FileId, isMeant: null, requestId: 'r', free: null })
  expect((await ports.store.list(`profiles/${id}/`, null, 10)).objects).toEqual([])
})

it('no more than the limit at a time', async () => {
  const me = await newClient()
  for (let i = 0; i < 3; i++) await markDeleted(await me.upload('a,b\n1,2\n'))
  expect(await purgeDeleted(ports, 2)).toBe(2)
  expect(await purgeDeleted(ports, 2)).toBe(1)
})
