import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { CommandError } from '../../scripts/lib/command.ts'
import { saveFile } from '../../scripts/lib/save.ts'
import { sha256 } from '../../shared/base/crypto.ts'

const BODY = 'a,b\n1,2\n'
const WHOLE = { bytes: BODY.length, sha256: sha256(BODY) }
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'save-'))
  file = path.join(folder, 'cut.csv')
})

const save = (response: Response, expected: { bytes: number; sha256?: string | null }, isReplacing = false) =>
  saveFile(response, file, expected, isReplacing, () => {})

/** A body that breaks after its first piece. */
const broken = (): Response =>
  new Response(
    new ReadableStream({
      pull: (controller) => {
        controller.enqueue(new TextEncoder().encode('a,b\n'))
        controller.error(new Error('terminated'))
      },
    }),
  )

describe('a result', () => {
  it('is in its place when it is whole, and tells how far it is on the way', async () => {
    const told: number[] = []
    await saveFile(new Response(BODY), file, WHOLE, false, (bytes) => told.push(bytes))
    expect(readFileSync(file, 'utf8')).toBe(BODY)
    expect(readdirSync(folder)).toEqual(['cut.csv'])
    expect(told).toEqual([BODY.length])
  })

  it('may be empty and have no digest', async () => {
    await save(new Response(''), { bytes: 0, sha256: null })
    expect(readFileSync(file, 'utf8')).toBe('')
  })

  it.each([
    ['is too short', () => new Response(BODY), { bytes: BODY.length + 1 }],
    ['is too long', () => new Response(BODY), { bytes: BODY.length - 1 }],
    ['has another digest', () => new Response(BODY), { bytes: BODY.length, sha256: sha256('other') }],
    ['breaks off', broken, WHOLE],
  ])('that %s leaves nothing behind', async (_, response, expected) => {
    await expect(save(response(), expected)).rejects.toThrow()
    expect(readdirSync(folder)).toEqual([])
  })

  it('never replaces what appeared meanwhile, unless that was asked for', async () => {
    writeFileSync(file, 'mine')
    await expect(save(new Response(BODY), WHOLE)).rejects.toThrow(CommandError)
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['mine', ['cut.csv']])
    await save(new Response(BODY), WHOLE, true)
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([BODY, ['cut.csv']])
  })

  it('that breaks off leaves what it was to replace', async () => {
    writeFileSync(file, 'mine')
    await expect(save(broken(), WHOLE, true)).rejects.toThrow()
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['mine', ['cut.csv']])
  })
})
