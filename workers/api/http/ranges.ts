/** Which bytes does a Range header mean (RFC 9110, section 14)? One range is answered; several, or what is no range at all, mean the whole. */
import { AppError } from '../../../shared/base/errors.ts'
import type { ByteRange } from '../../../shared/files/store.ts'

const ONE = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i

/** The one range asked for, cut to the file's size; null: send everything. Throws `range_unsatisfiable` where nothing of it lies in the file. */
export const rangeOf = (header: string | undefined, size: number): ByteRange | null => {
  const [, first, last] = ONE.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from > to) throw new AppError('range_unsatisfiable', `The file has ${size} bytes.`, { extra: { bytes: size } })
  return { offset: from, length: to - from + 1 }
}

/** `bytes 0-99/1000`. */
export const contentRange = ({ offset, length }: ByteRange, size: number): string => `bytes ${offset}-${offset + length - 1}/${size}`
