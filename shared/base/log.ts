/** One structured line per outcome, ids and counts only: no file name, no clause, no cell, no secret ever. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

export interface Log {
  info(event: string, fields: LogFields): void
  warn(event: string, fields: LogFields): void
  error(event: string, fields: LogFields, cause?: unknown): void
}

const line = (level: string, event: string, fields: LogFields, extra: LogFields = {}): string =>
  JSON.stringify({ level, event, ...fields, ...extra })

/** The only user of the console. */
export const consoleLog: Log = {
  info: (event, fields) => console.log(line('info', event, fields)),
  warn: (event, fields) => console.warn(line('warn', event, fields)),
  error: (event, fields, cause) =>
    console.error(
      line('error', event, fields, cause instanceof Error ? { error: cause.message, stack: cause.stack } : { error: String(cause) }),
    ),
}
