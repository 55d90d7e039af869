import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { derivedId } from '../../shared/base/ids.ts'
import { appeared, vanished } from '../../shared/files/storage-events.ts'
import {
  deliver,
  drain,
  eventsOf,
  fileNow,
  fireTick,
  jobNow,
  makeWorld,
  putUpload,
  rawPut,
  rowsOf,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

const bucket = () => env.BUCKET
const jobsOf = (world: World, file: string) =>
  rowsOf<{ id: never; state: string }>(world, `SELECT id, state FROM jobs WHERE input_file = ?1`, file)

describe('an object that appears', () => {
  it('makes its file ready and queues one analysis', async () => {
    const world = await makeWorld()
    const { id, event } = await putUpload(world, 'name,age\nAda,36\n')
    expect(await deliver(world, 'file-events', event)).toEqual({ acked: 1, retried: 0 })
    const file = await fileNow(world, id)
    expect([file.state, file.columns, file.bytes]).toEqual(['ready', '["name","age"]', 16])
    expect(await eventsOf(world, id)).toEqual(['file.ready'])
    expect(world.sent).toHaveLength(1)
    expect(await jobsOf(world, id)).toHaveLength(1)
  })

  it('told twice changes nothing the second time', async () => {
    const world = await makeWorld()
    const { id, event } = await putUpload(world, 'a,b\n1,2\n')
    await deliver(world, 'file-events', event)
    const before = await fileNow(world, id)
    await deliver(world, 'file-events', event)
    expect(await fileNow(world, id)).toEqual(before)
    expect(await jobsOf(world, id)).toHaveLength(1)
    expect(await eventsOf(world, id)).toEqual(['file.ready'])
  })

  it('is settled the same when its API request committed first', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n')
    await deliver(
      world,
      'file-events',
      appeared('PutObject', { key: file.object_key, etag: file.etag!, bytes: 8, uploadedAt: 0 }, world.now()),
    )
    expect((await fileNow(world, file.id)).state).toBe('ready')
  })

  it.each([
    ['a PNG', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'not_csv'],
    ['nothing', new Uint8Array(0), 'file_empty'],
    ['JSON', utf8('[{"a": 1}]'), 'not_csv'],
  ])('that is %s rejects its file', async (_, bytes, code) => {
    const world = await makeWorld()
    const { id, event } = await putUpload(world, bytes)
    await deliver(world, 'file-events', event)
    const file = await fileNow(world, id)
    expect(file.state).toBe('rejected')
    expect(JSON.parse(file.problem!).code).toBe(code)
    expect(await eventsOf(world, id)).toEqual(['file.rejected'])
    await expect(submit(world, id, 'analyse', {})).rejects.toMatchObject({ code: 'file_rejected' })
  })

  it('with a header longer than the first look gets a longer one', async () => {
    const world = await makeWorld()
    const names = Array.from({ length: 1_500 }, (_, i) => `a column with a name that is as long as it is needless ${i}`)
    const { id, event } = await putUpload(world, `${names.join(',')}\n${names.map(() => '1').join(',')}\n`)
    await deliver(world, 'file-events', event)
    expect(JSON.parse((await fileNow(world, id)).columns!)).toEqual(names)
  })

  it('is not analysed where its owner does not want it', async () => {
    const world = await makeWorld()
    const { id, event } = await putUpload(world, 'a\n1\n', { autoAnalyse: false })
    await deliver(world, 'file-events', event)
    expect(await jobsOf(world, id)).toEqual([])
  })

  it('without a row is waited for, and given up after a minute', async () => {
    const world = await makeWorld()
    const object = await rawPut(`files/${world.owner}/${world.ports.ids.make('file')}/1`, utf8('a\n1\n'))
    const event = appeared('PutObject', object, world.now())
    expect(await deliver(world, 'file-events', event)).toEqual({ acked: 0, retried: 1 })
    world.advance(61_000)
    expect(await deliver(world, 'file-events', event)).toEqual({ acked: 1, retried: 0 })
  })

  it('at a key that is none of ours is ignored', async () => {
    const world = await makeWorld()
    const event = appeared('PutObject', { key: 'somewhere/else.csv', etag: 'x', bytes: 1, uploadedAt: 0 }, world.now())
    expect(await deliver(world, 'file-events', event)).toEqual({ acked: 1, retried: 0 })
  })

  it('while the storage does not answer is told again later', async () => {
    let isDown = true
    const world = await makeWorld(({ store }) => ({
      store: { ...store, head: (key) => (isDown ? Promise.reject(new Error('network connection lost')) : store.head(key)) },
    }))
    const { id, event } = await putUpload(world, 'a\n1\n')
    expect(await deliver(world, 'file-events', event)).toEqual({ acked: 0, retried: 1 })
    isDown = false
    await deliver(world, 'file-events', event)
    expect((await fileNow(world, id)).state).toBe('ready')
  })
})

describe('an object that vanishes', () => {
  it('leaves its file missing, and jobs on it are refused', async () => {
    const world = await makeWorld()
    const { id, key, event } = await putUpload(world, 'a,b\n1,2\n')
    await deliver(world, 'file-events', event)
    await bucket().delete(key)
    await deliver(world, 'file-events', vanished(key, world.now()))
    expect((await fileNow(world, id)).state).toBe('missing')
    expect(await eventsOf(world, id)).toEqual(['file.ready', 'file.missing'])
    await expect(submit(world, id, 'analyse', {})).rejects.toMatchObject({ code: 'file_missing' })
  })

  it('is still there when the message is only late', async () => {
    const world = await makeWorld()
    const { id, key, event } = await putUpload(world, 'a,b\n1,2\n')
    await deliver(world, 'file-events', event)
    await deliver(world, 'file-events', vanished(key, world.now()))
    expect((await fileNow(world, id)).state).toBe('ready')
  })
})

describe('the inbox', () => {
  const drop = async (world: World, name: string, csv: string) => {
    const object = await rawPut(`inbox/${world.owner}/${name}`, utf8(csv))
    return { object, id: derivedId('file', `${object.key}\n${object.etag}`), event: appeared('PutObject', object, world.now()) }
  }

  it('adopts an object in place as a file of its user', async () => {
    const world = await makeWorld()
    const { id, object, event } = await drop(world, 'lists/june.csv', 'mail\na@b.c\n')
    await deliver(world, 'file-events', event)
    const file = await fileNow(world, id)
    expect([file.state, file.name, file.owner_id, file.object_key, file.etag]).toEqual([
      'ready',
      'june.csv',
      world.owner,
      object.key,
      object.etag,
    ])
    await drain(world)
    expect((await jobsOf(world, id))[0]?.state).toBe('succeeded')
  })

  it('told twice is one file', async () => {
    const world = await makeWorld()
    const { event } = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', event)
    await deliver(world, 'file-events', event)
    expect(await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1`, world.owner)).toHaveLength(1)
  })

  it('overwritten makes a new file, and the old one is missing; the late event of the old one changes nothing', async () => {
    const world = await makeWorld()
    const first = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', first.event)
    const second = await drop(world, 'a.csv', 'a\n2\n')
    await deliver(world, 'file-events', second.event)
    await deliver(world, 'file-events', first.event)
    expect((await fileNow(world, first.id)).state).toBe('missing')
    expect((await fileNow(world, second.id)).state).toBe('ready')
    expect(await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1`, world.owner)).toHaveLength(2)
  })

  it('overwritten and put back as it was is the first file again', async () => {
    const world = await makeWorld()
    const first = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', first.event)
    const second = await drop(world, 'a.csv', 'a\n2\n')
    await deliver(world, 'file-events', second.event)
    const third = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', third.event)
    expect((await fileNow(world, first.id)).state).toBe('ready')
    expect((await fileNow(world, second.id)).state).toBe('missing')
    expect(await eventsOf(world, first.id)).toEqual(['file.ready', 'file.missing', 'file.ready'])
  })

  it.each(['by its event', 'by the tick'])('dropped again after its file was deleted is a new file, found %s, once', async (how) => {
    const world = await makeWorld()
    const { id, event, object } = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', event)
    await rowsOf(world, `UPDATE files SET state = 'deleted', deleted_at = ${object.uploadedAt - 1}, purged_at = 1 WHERE id = ?1`, id)
    const files = () => rowsOf(world, `SELECT state FROM files WHERE owner_id = ?1 ORDER BY state`, world.owner)
    world.advance(60_000)
    if (how === 'by its event') await deliver(world, 'file-events', event)
    for (let i = 0; how === 'by the tick' && i < 20 && (await files()).length < 2; i++) {
      await fireTick(world)
      await drain(world)
    }
    expect(await files()).toEqual([{ state: 'deleted' }, { state: 'ready' }])
    await deliver(world, 'file-events', event)
    expect(await files()).toHaveLength(2)
  })

  it('left over from a deleted file does not come back', async () => {
    const world = await makeWorld()
    const { id, event, object } = await drop(world, 'a.csv', 'a\n1\n')
    await deliver(world, 'file-events', event)
    await rowsOf(world, `UPDATE files SET state = 'deleted', deleted_at = ${object.uploadedAt} WHERE id = ?1`, id)
    await deliver(world, 'file-events', event)
    expect(await rowsOf(world, `SELECT state FROM files WHERE owner_id = ?1`, world.owner)).toEqual([{ state: 'deleted' }])
  })

  it('of a user who does not exist is left alone', async () => {
    const world = await makeWorld()
    const stranger = world.ports.ids.make('user')
    const object = await rawPut(`inbox/${stranger}/a.csv`, utf8('a\n1\n'))
    await deliver(world, 'file-events', appeared('PutObject', object, world.now()))
    expect(await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1`, stranger)).toEqual([])
  })

  it('is found by the tick where no event told', async () => {
    const world = await makeWorld()
    const { id } = await drop(world, 'silent.csv', 'a\n1\n')
    world.advance(60_000)
    for (let i = 0; i < 20 && !(await rowsOf(world, `SELECT id FROM files WHERE id = ?1`, id)).length; i++) {
      await fireTick(world)
      await drain(world)
    }
    expect((await fileNow(world, id)).state).toBe('ready')
  })
})

describe('an output', () => {
  it('is profiled after its storage event, which may come before its row', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'name,age\nAda,36\nBob,70\n')
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const { result_file: result } = await jobNow(world, job)
    const output = await fileNow(world, result!)
    expect([output.state, output.rows]).toEqual(['ready', 1])
    expect((await jobsOf(world, result!))[0]?.state).toBe('succeeded')
  })
})
