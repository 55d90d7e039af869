/** How do the commands get their key? One user with one key is put into the emulator's database. */
import { getPlatformProxy } from 'wrangler'
import { insertUser } from '../../shared/auth/api-key.sql.ts'
import { newKey } from '../../shared/auth/api-key.ts'
import { SCOPES } from '../../shared/auth/principal.ts'
import { systemClock as clock } from '../../shared/base/clock.ts'
import { makeIds } from '../../shared/base/ids.ts'
import { systemRandom as random } from '../../shared/base/random.ts'
import { d1 } from '../../shared/db/db.ts'
import { LOCAL_USER } from './local-user.ts'
import { ROOT } from './places.mjs'
import { revokeKeysNamed } from './seed.sql.ts'

const KEY_NAME = 'local commands'

/** Makes the local user and a new key that may do everything (who runs the service here uses it too), and returns the key's text. Keys of earlier set-ups end. `persistPath`: where the emulator keeps its databases. */
export const seedKey = async (persistPath: string, pepper: string): Promise<string> => {
  const proxy = await getPlatformProxy<{ DB: D1Database }>({
    configPath: `${ROOT}/wrangler.api.toml`,
    persist: { path: persistPath },
    remoteBindings: false,
  })
  try {
    const now = clock.now()
    const key = newKey({ clock, random, ids: makeIds(clock, random) }, pepper, LOCAL_USER, KEY_NAME, SCOPES)
    await d1(proxy.env.DB).batch([insertUser(LOCAL_USER, 'local', now), revokeKeysNamed(LOCAL_USER, KEY_NAME, now), key.row])
    return key.text
  } finally {
    await proxy.dispose()
  }
}
