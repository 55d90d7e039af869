import { expect } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import { fileName } from '../../shared/files/name.ts'
import { cases } from '../support/cases.ts'

cases<[string, string]>(
  'the name kept',
  [
    ['an ordinary name', 'people.csv', 'people.csv'],
    ['a name with spaces inside', 'my people 2026.csv', 'my people 2026.csv'],
    ['other scripts and emoji stay as they are', 'Zürich 名簿 👩‍👩‍👧.csv', 'Zürich 名簿 👩‍👩‍👧.csv'],
    ['decomposed accents stay decomposed', 'u\u0308.csv', 'u\u0308.csv'],
    ['a way up is its last segment', '../../x', 'x'],
    ['a way up with backslashes is its last segment', '..\\..\\windows\\win.ini', 'win.ini'],
    ['an absolute path is its last segment', '/etc/passwd', 'passwd'],
    ['a drive path is its last segment', 'C:\\Users\\ada\\people.csv', 'people.csv'],
    ['a slash at the end is none', 'folder/', 'folder'],
    ['percent signs are characters, not an encoding', '%2e%2e%2fetc.csv', '%2e%2e%2fetc.csv'],
    ['control characters are dropped', 'a\u0000b\r\nc\u007f\u0085.csv', 'abc.csv'],
    ['marks that turn the writing are dropped', 'a\u202evsc.fdp\u2066\u200f', 'avsc.fdp'],
    ['half a surrogate pair is dropped', 'a\ud800b.csv', 'ab.csv'],
    ['a byte order mark is dropped', '\ufeffpeople.csv', 'people.csv'],
    ['spaces around it are dropped', '  people.csv ', 'people.csv'],
    ['a hidden control character does not save a dot-dot', 'x/.\u0000./y', 'y'],
    ['255 bytes are allowed', `${'ä'.repeat(127)}x`, `${'ä'.repeat(127)}x`],
    ['quotes and semicolons stay', 'a";b=\'c.csv', 'a";b=\'c.csv'],
    ['three dots are a name', '...', '...'],
  ],
  (text, name) => expect(fileName(text)).toBe(name),
)

cases<[string]>(
  'is refused',
  [
    ['nothing', ''],
    ['spaces only', '   '],
    ['a dot', '.'],
    ['two dots', '..'],
    ['two dots hidden by a control character', '.\u0000.'],
    ['a way up and nothing else', '../..'],
    ['slashes only', '//'],
    ['control characters only', '\u0000\u0007'],
    ['256 bytes of UTF-8', 'ä'.repeat(128)],
  ],
  (text) => {
    const refusal = (() => {
      try {
        return fileName(text)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(AppError)
    expect((refusal as AppError).code).toBe('field_invalid')
  },
)
