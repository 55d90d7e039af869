/** A profile on stdout: as a table, or as JSON. */
import { profileTable } from '../../shared/client/profile-table.ts'
import type { Profile } from '../../shared/csv/profile/view.ts'

const NARROW = 80
/** Wide enough to be read by a program line by line. */
const WIDE = 160

/** `asJson`: what to print as JSON, where that is more or less than the profile itself. */
export const showProfile = (profile: Profile, isJson: boolean, asJson: object = profile): void => {
  const width = process.stdout.isTTY ? Math.max(NARROW, process.stdout.columns) : WIDE
  process.stdout.write(isJson ? `${JSON.stringify(asJson, null, 2)}\n` : `${profileTable(profile, width).trimEnd()}\n`)
}
