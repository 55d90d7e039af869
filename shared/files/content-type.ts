/** Which content type does a file get? Only plain tables: a type that a browser would run must never come back out of the service. */

const KEPT = new Set(['text/csv', 'text/tab-separated-values'])
const DEFAULT = 'text/csv'

/** A packed table is kept packed; no browser runs it. */
const GZIP = 'application/gzip'
const GZIPS = new Set([GZIP, 'application/x-gzip'])

/** The type to keep for what the client said: a table's type with its charset (UTF-8 unless it says otherwise), `application/gzip` for a packed one, else `text/csv; charset=utf-8`. */
export const keptContentType = (said: string | null): string => {
  const [type = '', ...parameters] = (said ?? '').split(';').map((piece) => piece.trim().toLowerCase())
  if (GZIPS.has(type)) return GZIP
  if (!KEPT.has(type)) return `${DEFAULT}; charset=utf-8`
  const charset = parameters
    .map((parameter) => /^charset="?([a-z0-9_-]{1,40})"?$/.exec(parameter)?.[1])
    .find((value) => value !== undefined)
  return `${type}; charset=${charset ?? 'utf-8'}`
}
