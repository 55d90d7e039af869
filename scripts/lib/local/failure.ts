/** What the system or the engine refuses, told to the user as the command tells everything else: a sentence, and the exit code that fits. */
import { AppError } from '../../../shared/base/errors.ts'
import { safeText } from '../../../shared/client/terminal-text.ts'
import { CommandError, UsageError } from '../command.ts'
import { clauseErrorIn, clauseMistake } from '../local-check.ts'

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error

/** The error of a system call, or of what the engine found in the data, as a sentence; everything else as it is. `what` was tried: `open people.csv`. */
export const asFailure = (what: string, error: unknown): unknown => {
  if (error instanceof AppError) return new CommandError(`${safeText(error.detail)} (${error.code})`)
  return isSystemError(error) ? new CommandError(`Cannot ${what}: ${error.message}`) : error
}

/** Does what may fail in a system call. Throws CommandError for such a failure. */
export const systemFailure = <T>(what: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    throw asFailure(what, error)
  }
}

/** Does what the engine may refuse. Throws UsageError with its sentence, and with a caret where the clause is wrong. */
export const refusedAsUsage = <T>(clause: string | null, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError) || error.row.status >= 500) throw error
    const { code, detail, facts } = error
    const mistake = clause === null ? null : clauseErrorIn(code, { ...facts.extra, detail })
    if (clause !== null && mistake) throw clauseMistake(clause, mistake)
    throw new UsageError(
      [detail, ...(facts.errors ?? []).filter((one) => !detail.endsWith(one.detail)).map((one) => `  ${one.pointer}: ${one.detail}`)]
        .map(safeText)
        .join('\n'),
    )
  }
}
