/**
 * Every way a request or a job can fail, as one table: code -> HTTP status, title, and whether trying again helps.
 * A fact is thrown where it is known and rendered once per worker (api/middleware/errors.ts, processor/outcome.ts).
 */
interface ErrorRow {
  readonly status: number
  readonly title: string
  /** True: the world is unwell, the same request may succeed later. */
  readonly retry?: true
}

export const ERRORS = {
  json_invalid: { status: 400, title: 'The body is not the JSON expected' },
  id_kind: { status: 400, title: 'This id is of another kind' },
  cursor_invalid: { status: 400, title: 'The page cursor is not one of this list' },
  query_invalid: { status: 400, title: 'A query parameter is wrong' },
  header_invalid: { status: 400, title: 'A request header is wrong' },
  multipart_invalid: { status: 400, title: 'The form data cannot be read' },
  digest_mismatch: { status: 400, title: 'The body does not have the digest declared' },
  length_mismatch: { status: 400, title: 'The body does not have the length declared' },
  credentials_twice: { status: 400, title: 'Send one credential, not two' },
  key_missing: { status: 401, title: 'An API key is needed' },
  key_invalid: { status: 401, title: 'This API key is not valid' },
  scope_missing: { status: 403, title: 'This key may not do that' },
  route_not_found: { status: 404, title: 'There is nothing at this path' },
  file_not_found: { status: 404, title: 'There is no such file' },
  upload_not_found: { status: 404, title: 'There is no such upload' },
  job_not_found: { status: 404, title: 'There is no such job' },
  dead_letter_not_found: { status: 404, title: 'There is no such dead letter' },
  method_not_allowed: { status: 405, title: 'This path does not answer to this method' },
  file_not_stored: { status: 409, title: 'The file is not stored yet' },
  file_not_settled: { status: 409, title: 'The file has not been looked at yet' },
  file_rejected: { status: 409, title: 'The file was rejected' },
  file_not_csv: { status: 409, title: 'The file is no CSV' },
  file_missing: { status: 409, title: 'The bytes of this file are gone' },
  file_in_use: { status: 409, title: 'Jobs are using this file' },
  job_not_succeeded: { status: 409, title: 'The job has not succeeded' },
  result_in_use: { status: 409, title: 'Other files were made from this result' },
  profile_not_ready: { status: 409, title: 'The file has no profile yet' },
  upload_not_open: { status: 409, title: 'The upload is not open' },
  part_in_flight: { status: 409, title: 'Another request is sending this part' },
  idempotency_in_flight: { status: 409, title: 'The first request with this Idempotency-Key is still running', retry: true },
  rev_stale: { status: 412, title: 'It has changed since you read it' },
  body_too_large: { status: 413, title: 'The body is too large for one request' },
  not_csv: { status: 415, title: 'This is not a CSV' },
  encoding_unsupported: { status: 415, title: 'This encoding cannot be read' },
  range_unsatisfiable: { status: 416, title: 'The range lies outside the file' },
  field_unknown: { status: 422, title: 'A field is not known here' },
  field_invalid: { status: 422, title: 'A field has a wrong value' },
  clause_invalid: { status: 422, title: 'The clause cannot be read' },
  column_unknown: { status: 422, title: 'There is no such column' },
  column_ambiguous: { status: 422, title: 'Several columns have this name' },
  type_mismatch: { status: 422, title: 'These types do not fit together' },
  text_too_long: { status: 422, title: 'A function of the clause makes a text that is too long' },
  encoding_unknown: { status: 422, title: 'There is no such encoding' },
  dialect_invalid: { status: 422, title: 'This dialect cannot be used' },
  gzip_invalid: { status: 422, title: 'The gzip data is damaged' },
  gzip_too_large: { status: 422, title: 'The file unpacks to too much' },
  file_empty: { status: 422, title: 'The file is empty' },
  too_many_columns: { status: 422, title: 'The file has too many columns' },
  job_too_large: { status: 422, title: 'The file is too large for one job' },
  output_too_large: { status: 422, title: 'The output is too large for one job' },
  input_not_splittable: { status: 422, title: 'This input cannot be cut into chunks' },
  idempotency_mismatch: { status: 422, title: 'This Idempotency-Key was used with another request' },
  message_invalid: { status: 422, title: 'This message cannot be sent again' },
  part_size: { status: 422, title: 'The part has a wrong size' },
  part_missing: { status: 422, title: 'A part is missing' },
  if_match_required: { status: 428, title: 'Say which revision you mean with If-Match' },
  rate_limited: { status: 429, title: 'Too many requests', retry: true },
  internal: { status: 500, title: 'We made a mistake' },
  overloaded: { status: 503, title: 'The service is busy', retry: true },
  storage_unavailable: { status: 503, title: 'The storage does not answer', retry: true },
  object_taken: { status: 503, title: 'The place of this object is taken', retry: true },
  not_yet: { status: 503, title: 'This is not ready yet', retry: true },
  input_changed: { status: 500, title: 'The input changed or vanished while the job ran' },
  chunk_failed: { status: 500, title: 'A chunk failed too often' },
  job_expired: { status: 500, title: 'The job was not done in time' },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** One wrong field of a request: a JSON pointer (or parameter name), a code and a sentence. */
export interface FieldError {
  readonly pointer: string
  readonly code: string
  readonly detail: string
}

/** What more a problem says, beside code and detail. Everything here is shown to the caller. */
export interface ErrorFacts {
  /** Shown as members of the problem document. */
  readonly extra?: Readonly<Record<string, unknown>>
  readonly errors?: readonly FieldError[]
  /** Seconds after which trying again makes sense. */
  readonly retryAfterS?: number
  /** True: it is certain that nothing was done, for the request was refused as a whole. Absent: it may have been done, and only the answer was lost. */
  readonly isUndone?: true
  readonly cause?: unknown
}

/** A failure with a code of the table. `detail` is one sentence for the caller that says what to do: never a secret, never a cell. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly detail: string
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, detail: string, facts: ErrorFacts = {}) {
    super(`${code}: ${detail}`, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.detail = detail
    this.facts = facts
  }

  get row(): ErrorRow {
    return ERRORS[this.code]
  }
}

/** True for a failure of the world that may be gone at the next try. */
export const mayPass = (failure: unknown): failure is AppError => failure instanceof AppError && failure.row.retry === true

/** True if it is certain that what failed so was not done. */
export const isUndone = (failure: unknown): boolean => mayPass(failure) && failure.facts.isUndone === true

/** True for a failure that says nothing about whether it was done: only reading again tells. */
export const isOutcomeUnknown = (failure: unknown): boolean => mayPass(failure) && failure.facts.isUndone !== true

/** The problem document (RFC 9457) of a failure; what is not an AppError is ours and says nothing about itself. */
export const problemOf = (
  error: unknown,
): { status: number; type: string; title: string; code: ErrorCode; detail: string } & Record<string, unknown> => {
  const known =
    error instanceof AppError
      ? error
      : new AppError('internal', 'Something went wrong on our side. Quote the request id when you report it.')
  return {
    type: `urn:list-cutter:problem:${known.code}`,
    title: known.row.title,
    status: known.row.status,
    code: known.code,
    detail: known.detail,
    ...known.facts.extra,
    ...(known.facts.errors ? { errors: known.facts.errors } : {}),
  }
}
