import { expect } from 'vitest'
import { keptContentType } from '../../shared/files/content-type.ts'
import { cases } from '../support/cases.ts'

cases<[string | null, string]>(
  'the content type kept',
  [
    ['none said', null, 'text/csv; charset=utf-8'],
    ['of a table', 'text/csv', 'text/csv; charset=utf-8'],
    ['of a table with its charset', 'Text/CSV; header=present; charset="Windows-1252"', 'text/csv; charset=windows-1252'],
    ['of a table with tabs', 'text/tab-separated-values', 'text/tab-separated-values; charset=utf-8'],
    ['of a packed table', 'application/gzip', 'application/gzip'],
    ['of a packed table, as old clients say it', 'application/x-gzip', 'application/gzip'],
    ['of a page that would run in a browser is not', 'text/html', 'text/csv; charset=utf-8'],
    ['of a picture that would run in a browser is not', 'image/svg+xml', 'text/csv; charset=utf-8'],
    ['what curl says by itself is not', 'application/x-www-form-urlencoded', 'text/csv; charset=utf-8'],
    ['a charset that breaks the header is not', 'text/csv; charset=utf-8\r\nx: y', 'text/csv; charset=utf-8'],
    ['nonsense is not', ';;;', 'text/csv; charset=utf-8'],
  ],
  (said, kept) => expect(keptContentType(said)).toBe(kept),
)
