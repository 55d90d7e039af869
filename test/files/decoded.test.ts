/** Packed and encoded files become the bytes that are scanned, however they arrive. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { AppError } from '../../shared/base/errors.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Decoding } from '../../shared/csv/decode/decoding.ts'
import { decodeBeginning, decodeBlocks, unpackBeginning } from '../../shared/files/decoded.ts'
import { cases } from '../support/cases.ts'
import { cutAt, inPieces } from '../support/scan.ts'

const GZIP: Decoding = { gzip: true, encoding: null }
const packed = (...texts: string[]): Uint8Array => concatBytes(texts.map((text) => new Uint8Array(gzipSync(text))))

const decoded = async (pieces: Iterable<Uint8Array>, decoding: Decoding, limits = LIMITS): Promise<Uint8Array> => {
  const all: Uint8Array[] = []
  for await (const block of decodeBlocks(pieces, decoding, limits).blocks) all.push(block.slice())
  return concatBytes(all)
}

const failure = async (work: Promise<unknown>): Promise<AppError> => {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (!(error instanceof AppError)) throw new Error(`no AppError: ${error}`)
  return error
}

describe('gzip', () => {
  it('of one member and of several unpacks, cut at every byte', async () => {
    for (const bytes of [packed('a,b\n1,2\n'), packed('a,b\n', '', '1,2\n')]) {
      for (let place = 0; place <= bytes.length; place++) expect(textOf(await decoded(cutAt(bytes, [place]), GZIP))).toBe('a,b\n1,2\n')
      expect(textOf(await decoded(inPieces(bytes, 1), GZIP))).toBe('a,b\n1,2\n')
    }
  })

  it('may end in zeros, as tapes make it', async () => {
    expect(textOf(await decoded([concatBytes([packed('a\n'), new Uint8Array(9)])], GZIP))).toBe('a\n')
  })

  it('that is cut off anywhere is damaged, and never a shorter list', async () => {
    const bytes = packed('a,b\n1,2\n', 'x')
    const member = packed('a,b\n1,2\n').length
    for (let end = 1; end < bytes.length; end++) {
      if (end === member) continue
      const error = await failure(decoded([bytes.subarray(0, end)], GZIP))
      expect([error.code, error.detail]).toEqual(['gzip_invalid', expect.stringMatching(/a part of it is missing/)])
    }
  })

  it('with any bit of its data or checksum flipped is damaged', async () => {
    const whole = packed('name,age\nAda,36\nBob,70\n')
    for (let at = 10; at < whole.length; at++) {
      const bytes = whole.slice()
      bytes[at]! ^= 1
      expect((await failure(decoded([bytes], GZIP))).code).toBe('gzip_invalid')
    }
  })

  it('with garbage behind it is damaged, cut anywhere', async () => {
    const bytes = concatBytes([packed('a,b\n'), utf8('garbage')])
    for (let place = 0; place <= bytes.length; place++)
      expect((await failure(decoded(cutAt(bytes, [place]), GZIP))).detail).toMatch(/not gzip follows its data/)
  })

  it('damage is named by its place', async () => {
    let seed = 1
    const noise = Uint8Array.from({ length: 100_000 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return seed >>> 24
    })
    const bytes = new Uint8Array(gzipSync(noise))
    const cut = await failure(decoded([bytes.subarray(0, 50_000)], GZIP))
    expect(cut.facts.extra).toEqual({ byte_offset: 50_000 })
    const bad = await failure(decoded([concatBytes([bytes, utf8('garbage')])], GZIP))
    const at = bad.facts.extra?.byte_offset as number
    expect([at <= bytes.length, bytes.length - at < LIMITS.gzipPieceBytes]).toEqual([true, true])
    expect(bad.detail).toContain(`between byte ${at} and byte ${at + LIMITS.gzipPieceBytes}`)
  })

  it('that unpacks to too many times its bytes is a trap', async () => {
    const limits = { ...LIMITS, gzipRatioFreeBytes: 1_000_000 }
    const error = await failure(decoded([packed('a'.repeat(3_000_000))], GZIP, limits))
    expect([error.code, error.detail]).toEqual(['gzip_too_large', expect.stringMatching(/more than 200 times/)])
    expect((await decoded([packed('a'.repeat(900_000))], GZIP, limits)).length).toBe(900_000)
  })

  it('of too many packed bytes is refused before they are unpacked', async () => {
    const error = await failure(decoded([packed('abc')], GZIP, { ...LIMITS, gzipBytesMax: 10 }))
    expect([error.code, error.detail]).toEqual(['gzip_too_large', expect.stringMatching(/at most 10 bytes/)])
  })

  it('a failing source fails as it does', async () => {
    const source = function* () {
      yield packed('abc').subarray(0, 8)
      throw new AppError('storage_unavailable', 'The storage does not answer.')
    }
    expect((await failure(decoded(source(), GZIP))).code).toBe('storage_unavailable')
  })

  it('whose reader stops early lets go of its source', async () => {
    let isReleased = false
    const source = async function* () {
      try {
        for (;;) yield packed('a'.repeat(300_000))
      } finally {
        isReleased = true
      }
    }
    for await (const _ of decodeBlocks(source(), GZIP).blocks) break
    expect(isReleased).toBe(true)
  })
})

it('packed text in another encoding is unpacked, then decoded', async () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x2c, 0, 0xe9, 0, 0x0a, 0)
  expect(textOf(await decoded(inPieces(new Uint8Array(gzipSync(bytes)), 3), { gzip: true, encoding: 'utf-16le' }))).toBe('a,é\n')
})

describe('the beginning of a packed file', () => {
  const bytes = packed('name,age\n', 'Ada,36\nBob,70\n')

  it('is unpacked as far as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.integer({ min: 1, max: 40 }), async (end, bytesMax) => {
        const stored = { bytes: bytes.subarray(0, Math.max(2, end)), isWhole: end === bytes.length }
        const found = await unpackBeginning(stored, bytesMax)
        expect('name,age\nAda,36\nBob,70\n'.startsWith(textOf(found.bytes))).toBe(true)
        expect(found.bytes.length).toBeLessThanOrEqual(bytesMax)
        expect(found.isWhole).toBe(stored.isWhole && bytesMax > 23)
      }),
    )
  })

  it('that is damaged there is said to be', async () => {
    const bad = bytes.slice()
    bad[12]! ^= 0xff
    expect((await failure(unpackBeginning({ bytes: bad.subarray(0, 40), isWhole: false }, 1_000))).code).toBe('gzip_invalid')
  })

  it('that is all of it may not end too early', async () => {
    const cut = { bytes: bytes.subarray(0, bytes.length - 1), isWhole: true }
    expect((await failure(unpackBeginning(cut, 1_000))).detail).toMatch(/missing/)
  })
})

cases<[readonly number[], Decoding, boolean, string]>(
  'the beginning of a text',
  [
    ['scanned as it is, is itself', [0x61, 0x2c], { gzip: false, encoding: null }, true, 'a,'],
    ['in windows-1252', [0x61, 0x80, 0xe9], { gzip: false, encoding: 'windows-1252' }, true, 'a€é'],
    ['that is cut within a character leaves it out', [0x61, 0, 0xe9], { gzip: false, encoding: 'utf-16le' }, false, 'a'],
    ['that ends within a character replaces it', [0x61, 0, 0xe9], { gzip: false, encoding: 'utf-16le' }, true, 'a\ufffd'],
  ],
  async (bytes, decoding, isWhole, text) =>
    expect(textOf((await decodeBeginning({ bytes: Uint8Array.from(bytes), isWhole }, decoding, 100)).bytes)).toBe(text),
)
