import { expect, it } from 'vitest'
import { stmt } from '../../shared/db/db.ts'
import { fireTick, makeWorld, rowsOf } from '../support/processor.ts'

it('an Idempotency-Key is forgotten when its time is over, not before', async () => {
  const world = await makeWorld()
  const keep = (key: string, expiresAt: number) =>
    world.ports.db.run(stmt(`INSERT INTO idempotency VALUES (?1, 'POST /jobs', ?2, 'f', 202, 's', '{}', ?3)`, world.owner, key, expiresAt))
  await keep('old', world.now() - 1)
  await keep('new', world.now() + 1)
  await fireTick(world)
  expect(await rowsOf(world, `SELECT key FROM idempotency WHERE owner_id = ?1`, world.owner)).toEqual([{ key: 'new' }])
})
