/**
 * What do all commands share? Options from one table (parsing, help and the hint for a misspelt one), and how a failure ends:
 * 0 done, 1 failed, 2 wrong use, 130 canceled by Ctrl-C (143 by a request to terminate). Says what went wrong on stderr; results go to stdout.
 */
import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util'
import { VERSION } from '../../shared/base/version.ts'
import { ClientError } from '../../shared/client/http.ts'
import { safeText } from '../../shared/client/terminal-text.ts'
import { nearest } from '../../shared/filter/nearest.ts'
import { Interrupted } from './interrupt.ts'
import { ServiceError } from './service.ts'

export const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** One option: how it is parsed, what its value is called in the help, what it does. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly value?: string
  readonly help: string
}

export interface Command {
  /** `npm run cut -- [FILE] …` */
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, Option>>
  readonly notes?: string
}

export type Values = Readonly<Record<string, string | boolean | undefined>>

/** The user asked for something that cannot be asked for: exit code 2. The message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Something failed that the user should hear in one sentence, without a stack: exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

const COMMON: Readonly<Record<string, Option>> = {
  help: { type: 'boolean', short: 'h', help: 'Show this.' },
  version: { type: 'boolean', help: 'Show the version.' },
}

const optionLabel = (name: string, { value, short }: Option): string => `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`

/** The help of a command, as it is printed. */
export const helpText = ({ usage, about, options, notes }: Command): string => {
  const rows = Object.entries({ ...options, ...COMMON }).map(([name, option]) => [optionLabel(name, option), option.help] as const)
  const width = Math.max(...rows.map(([label]) => label.length)) + 2
  const table = rows.map(([label, help]) => `  ${label.padEnd(width)}${help}`).join('\n')
  return [about, '', `Usage: ${usage}`, '', table, ...(notes ? ['', notes] : []), ''].join('\n')
}

const unknownOption = (given: string, command: Command): UsageError => {
  const near = nearest(given, Object.keys({ ...command.options, ...COMMON }))
  return new UsageError(`There is no option --${given}.${near ? ` Did you mean --${near}?` : ''} All options: --help`)
}

/** The options and other words of a command line. Throws UsageError. */
export const parseCommand = (command: Command, argv: readonly string[]): { values: Values; words: string[] } => {
  try {
    const options = { ...command.options, ...COMMON }
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true, allowNegative: true })
    return { values: values as Values, words: positionals }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const given = /'(?:--?)([^' ]+)/.exec(message)?.[1]
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && given) throw unknownOption(given, command)
    throw new UsageError(`${message.split('\n').join(' ')} All options: --help`)
  }
}

const KINDS: readonly (readonly [new (...args: never[]) => Error, (error: never) => number])[] = [
  [UsageError, () => EXIT.usage],
  [Interrupted, (error: Interrupted) => error.exitCode],
  [CommandError, () => EXIT.failed],
  [ServiceError, () => EXIT.failed],
  [ClientError, () => EXIT.failed],
]

/** Says what went wrong and returns the exit code. What is none of the kinds above is a mistake of ours and shows its stack. */
const report = (error: unknown): number => {
  const kind = KINDS.find(([type]) => error instanceof type)
  const { message, stack } = error as Error
  const text = error instanceof ClientError ? `${safeText(error.detail)} (${error.code})` : kind ? message : (stack ?? message)
  if (text) process.stderr.write(`${text}\n`)
  return kind ? kind[1](error as never) : EXIT.failed
}

/** Runs a command to its end: help and version, then `main`; the process ends with its exit code. */
export const runCommand = async (command: Command, main: (values: Values, words: string[]) => Promise<number>): Promise<void> => {
  // A reader of our output that has seen enough is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed))
  try {
    const { values, words } = parseCommand(command, process.argv.slice(2))
    if (values.help) process.stdout.write(helpText(command))
    else if (values.version) process.stdout.write(`${VERSION}\n`)
    else process.exitCode = await main(values, words)
  } catch (error) {
    process.exitCode = report(error)
  }
  // Whatever still holds the event loop (an idle connection, a timer) is of no more use.
  if (process.stdout.writableLength === 0) process.exit()
  process.stdout.once('drain', () => process.exit())
}
