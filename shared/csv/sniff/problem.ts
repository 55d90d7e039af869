/** Why a file cannot be read, as the sniffer says it: a code of the table of errors and a sentence that says what to do. */
import type { ErrorCode } from '../../base/errors.ts'

export interface SniffProblem {
  readonly code: ErrorCode
  readonly detail: string
}
