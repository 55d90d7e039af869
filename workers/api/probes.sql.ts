import { type Db, stmt } from '../../shared/db/db.ts'

/** Does the database answer, and are our tables there? */
export const pingDatabase = (db: Db): Promise<unknown> => db.first(stmt(`SELECT 1 FROM users LIMIT 1`))
