/** What is going on? One line on a terminal, rewritten in place; a line now and then elsewhere; nothing with --quiet. Always on stderr. */

const REDRAW_MS = 100
const LINE_EVERY_MS = 5_000
/** Of a terminal that does not say how wide it is. */
const WIDTH = 80

export interface Progress {
  /** A new stage: seen at once. */
  stage(text: string): void
  /** How far the stage is: seen when it is time. */
  update(text: string): void
  /** Takes the line away. */
  clear(): void
}

export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const CLEAR_LINE = '\r\u001b[2K'

const onTerminal = (screen: Screen, now: () => number): Progress => {
  let drawnAt = Number.NEGATIVE_INFINITY
  const draw = (text: string): void => {
    drawnAt = now()
    screen.write(CLEAR_LINE + text.slice(0, (screen.columns || WIDTH) - 1))
  }
  return {
    stage: draw,
    update: (text) => {
      if (now() - drawnAt >= REDRAW_MS) draw(text)
    },
    clear: () => void screen.write(CLEAR_LINE),
  }
}

const inLines = (screen: Screen, now: () => number): Progress => {
  let saidAt = now()
  const say = (text: string): void => {
    saidAt = now()
    screen.write(`${text}\n`)
  }
  return {
    stage: say,
    update: (text) => {
      if (now() - saidAt >= LINE_EVERY_MS) say(text)
    },
    clear: () => {},
  }
}

const SILENT: Progress = { stage: () => {}, update: () => {}, clear: () => {} }

export const makeProgress = (screen: Screen, isQuiet: boolean, now: () => number = Date.now): Progress =>
  isQuiet ? SILENT : screen.isTTY ? onTerminal(screen, now) : inLines(screen, now)
