/** Who are the commands, locally? Always the same user, so that set-up can run again and the inbox has a known place. */
import type { UserId } from '../../shared/base/ids.ts'

export const LOCAL_USER = `user_${'0'.repeat(25)}1` as UserId
