/** Kept records, copied by the kernel, against the same slices laid side by side: with anything between them that is no record, and with runs of any length. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes } from '../../shared/base/bytes.ts'
import { gatherSelected } from '../../shared/csv/kernel-batch.ts'
import { kernelScanner } from '../../shared/csv/kernel-scanner.ts'
import { isSelected, select, selectionWords } from '../../shared/csv/selection.ts'
import { testKernel } from '../support/kernel.ts'
import { bytesOf, scanOptions } from '../support/scan.ts'

const LIMIT = 400
/** The last is too long for a record. */
const line = fc.constantFrom(
  '1,2\n',
  'a,"b\nc"\r\n',
  '\n',
  '\r\n',
  `${'x'.repeat(300)},y\n`,
  ',\n',
  `${'z'.repeat(17)},\n`,
  `${'l'.repeat(500)},\n`,
)

it('the selected records come out as they lie, and nothing between them', () => {
  const kernel = testKernel()
  fc.assert(
    fc.property(fc.array(line, { maxLength: 150 }), fc.infiniteStream(fc.boolean()), (lines, choices) => {
      const batch = kernelScanner(kernel)(scanOptions({ columns: 2, recordBytesMax: LIMIT })).push(bytesOf(lines.join('')))
      const selected = new Uint32Array(selectionWords(batch.count))
      for (let r = 0; r < batch.count; r++) if (choices.next().value) select(selected, r)
      const slices: Uint8Array[] = []
      for (let r = 0; r < batch.count; r++) if (isSelected(selected, r)) slices.push(batch.bytes.subarray(batch.starts[r]!, batch.ends[r]!))
      expect(Buffer.from(gatherSelected(kernel, selected, batch.count))).toEqual(Buffer.from(concatBytes(slices)))
    }),
    { numRuns: 500 },
  )
})
