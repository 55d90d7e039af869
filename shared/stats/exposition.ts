/** Prometheus' text format, version 0.0.4: families of samples with a name, a kind and a sentence each. */

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
  /** What a histogram or summary puts behind its name. */
  readonly suffix?: '_bucket' | '_sum' | '_count'
}

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly help: string
  readonly samples: readonly Sample[]
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')
const labelText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value).replace(/"/g, '\\"')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const familyText = ({ name, type, help, samples }: Family): string =>
  [
    `# HELP ${name} ${escaped(help)}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${labelText(labels)} ${value}`),
  ].join('\n')

/** The document of these families. A family without samples is there all the same: nothing was counted yet. */
export const exposition = (families: readonly Family[]): string => `${families.map(familyText).join('\n')}\n`
