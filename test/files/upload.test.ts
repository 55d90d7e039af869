import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import { checkPart, checkWhole, choosePartBytes, type PartRow, partCount, type UploadRow, uploadView } from '../../shared/files/upload.ts'
import { cases } from '../support/cases.ts'

const MIB = 1024 * 1024

/** The result, or the code of what was thrown. */
const outcome = <T>(work: () => T): T | string => {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

cases<[number | null, number | null, number | string]>(
  'the part size',
  [
    ['of an unknown total is 8 MiB', null, null, 8 * MIB],
    ['of a small total is 8 MiB', 1, null, 8 * MIB],
    ['of what 10,000 parts of 8 MiB just hold is 8 MiB', 80_000 * MIB, null, 8 * MIB],
    ['of one byte more is the next MiB', 80_000 * MIB + 1, null, 9 * MIB],
    ['of the greatest total is below a request', 950_000 * MIB, null, 95 * MIB],
    ['of more than that does not exist', 950_000 * MIB + 1, null, 'part_size'],
    ['may be chosen', 100 * MIB, 5 * MIB, 5 * MIB],
    ['may be a whole request', null, 100_000_000, 100_000_000],
    ['may not be more than a request', null, 100_000_001, 'part_size'],
    ['may not be below the least that R2 takes', null, 5 * MIB - 1, 'part_size'],
    ['may not need more than 10,000 parts', 50_001 * MIB, 5 * MIB, 'part_size'],
  ],
  (total, wanted, expected) => expect(outcome(() => choosePartBytes(total, wanted))).toBe(expected),
)

const upload = (total_bytes: number | null): UploadRow => ({
  id: 'up_0' as UploadRow['id'],
  owner_id: 'user_0' as UploadRow['owner_id'],
  file_id: 'file_0' as UploadRow['file_id'],
  state: 'open',
  r2_upload_id: 'x',
  part_bytes: 100,
  total_bytes,
  created_at: 0,
  expires_at: 1,
  ended_at: null,
  object_key: 'key',
})

cases<[number | null, number | null]>(
  'the number of parts',
  [
    ['of an unknown total is unknown', null, null],
    ['of one byte is one', 1, 1],
    ['of exactly two parts is two', 200, 2],
    ['of a byte more is three', 201, 3],
  ],
  (total, count) => expect(partCount(upload(total))).toBe(count),
)

cases<[number | null, number, number, 'fits' | 'part_size']>(
  'a part',
  [
    ['of full size fits', 250, 1, 100, 'fits'],
    ['that is shorter does not, unless it is the last', 250, 1, 99, 'part_size'],
    ['that is longer does not', 250, 2, 101, 'part_size'],
    ['that is the last has what is left', 250, 3, 50, 'fits'],
    ['that is the last and shorter does not fit', 250, 3, 49, 'part_size'],
    ['that is the last and longer does not fit', 250, 3, 51, 'part_size'],
    ['that is the last may be a full one', 200, 2, 100, 'fits'],
    ['behind the last does not fit', 250, 4, 1, 'part_size'],
    ['of no bytes does not fit', null, 1, 0, 'part_size'],
    ['of any size up to the full one fits where the total is unknown', null, 7, 1, 'fits'],
    ['of more does not fit, even where the total is unknown', null, 7, 101, 'part_size'],
  ],
  (total, number, bytes, expected) => expect(outcome(() => checkPart(upload(total), number, bytes) ?? 'fits')).toBe(expected),
)

const parts = (...sizes: (number | null)[]): PartRow[] =>
  sizes.flatMap((bytes, i) => (bytes === null ? [] : [{ number: i + 1, etag: `e${i}`, bytes }]))
const sending = (number: number): PartRow => ({ number, etag: 'sending:ab', bytes: 100 })

cases<[number | null, readonly PartRow[], 'fits' | 'part_size' | 'part_missing' | 'length_mismatch']>(
  'the whole',
  [
    ['of all its parts fits', 250, parts(100, 100, 50), 'fits'],
    ['of one part fits', null, parts(1), 'fits'],
    ['of unknown size whose last part is short fits', null, parts(100, 100, 3), 'fits'],
    ['without any part does not', null, [], 'part_missing'],
    ['without its last part does not', 250, parts(100, 100), 'part_missing'],
    ['with a gap does not', null, parts(100, null, 50), 'part_missing'],
    ['with a part on its way does not', null, [...parts(100), sending(2)], 'part_missing'],
    ['with a short part in the middle does not', null, parts(100, 99, 50), 'part_size'],
    ['with other bytes than declared does not', 250, parts(100, 100, 49), 'length_mismatch'],
  ],
  (total, have, expected) => expect(outcome(() => checkWhole(upload(total), have) ?? 'fits')).toBe(expected),
)

describe('an upload as it is shown', () => {
  it('does not count a part that is on its way', () =>
    expect(uploadView(upload(null), [...parts(100), sending(2)])).toMatchObject({
      received: [{ number: 1, bytes: 100 }],
      received_bytes: 100,
    }))

  it('names the missing parts in order', () => {
    expect(() => checkWhole(upload(450), parts(100, null, 100, null, 50))).toThrow(
      expect.objectContaining({ facts: { extra: { missing: [2, 4] } } }),
    )
  })
})
