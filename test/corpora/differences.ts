/** Where we read a case of another reader's suite differently, and why: each is a choice, told where it is made. Suite -> case -> reason. */

const SKIPS_SPACE = 'blanks before a field are data: there is no option to skip them'
const CLOSES_BEFORE_DELIMITER =
  'PapaParse closes a quote only before a delimiter or a line end; here the first quote that is not doubled closes (Python, rust-csv), so that damage stays within a field'
const TRIMS_AFTER_QUOTE =
  'PapaParse drops blanks between a closing quote and the delimiter; here what follows a closing quote is part of the field (Python, rust-csv)'
const GREEDY =
  'PapaParse can skip rows whose fields are all blank; here only a line without bytes is no record, for every row that came in is accounted for'
const BOM_IS_DROPPED = 'csv-parse keeps a byte order mark unless told otherwise; here it is never a part of the first name'
const COMMENT_IN_LINE = 'csv-parse ends a record at a comment within its line; here a comment is a line of its own (rust-csv, PapaParse)'
const ESCAPES_OUTSIDE =
  'an escape makes data of the byte after it outside quotes too (Python, MySQL’s exports); csv-parse knows it inside quotes only'
const KEEPS_QUOTES =
  'csv-parse’s relaxed mode keeps the quotes of a field that goes on behind them; here they close, and the field goes on (Python, rust-csv)'

export const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'csv-spectrum.json': {
    'spectrum/location_coordinates': 'its expected rows belong to another input (known to its authors, issue 20)',
  },
  'rust-csv.json': {
    'rust-csv/quote_delimiter': 'one byte cannot be delimiter and quote: such hints are refused',
  },
  'python-test_csv.json': {
    'python/Test_Csv.test_read_eof/29':
      'its harness puts a line end behind the input, which the escape then takes; at the end of the input an escape is itself',
    'python/Test_Csv.test_read_quoting/55':
      'QUOTE_NONNUMERIC makes numbers of unquoted fields; here fields are text until they are compared',
    'python/Test_Csv.test_read_skipinitialspace/59': SKIPS_SPACE,
  },
  'papaparse.json': {
    'papaparse/core/20: Quoted field has invalid trailing quote after delimiter with a valid closer': CLOSES_BEFORE_DELIMITER,
    'papaparse/core/21: Quoted field has invalid trailing quote after delimiter': CLOSES_BEFORE_DELIMITER,
    'papaparse/core/22: Quoted field has invalid trailing quote before delimiter': CLOSES_BEFORE_DELIMITER,
    'papaparse/core/23: Quoted field has invalid trailing quote after new line': CLOSES_BEFORE_DELIMITER,
    'papaparse/parse/5: Quoted fields with spaces between closing quote and next delimiter': TRIMS_AFTER_QUOTE,
    'papaparse/parse/6: Quoted fields with spaces between closing quote and next new line': TRIMS_AFTER_QUOTE,
    'papaparse/parse/7: Quoted fields with spaces after closing quote': TRIMS_AFTER_QUOTE,
    'papaparse/parse/90: Quoted fields with spaces between closing quote and next delimiter and contains delimiter': TRIMS_AFTER_QUOTE,
    'papaparse/parse/91: Quoted fields with spaces between closing quote and newline and contains newline': TRIMS_AFTER_QUOTE,
    'papaparse/parse/11: Header row only': 'its rows are those below the header; here the header is compared as a row',
    'papaparse/parse/24: Bad delimiter (\\n)':
      'PapaParse silently takes a comma where the delimiter is a line end; here such a hint is refused',
    'papaparse/parse/74: Custom escape character not used for escaping':
      'PapaParse drops an escape only before a quote; here before any byte (Python, rust-csv, MySQL’s exports)',
    "papaparse/parse/88: Parsing with skipEmptyLines set to 'greedy'": GREEDY,
    "papaparse/parse/89: Parsing with skipEmptyLines set to 'greedy' with quotes and delimiters as content": GREEDY,
  },
  'csv-parse.json': {
    'csv-parse/Option `bom` preserve bom if not defined': BOM_IS_DROPPED,
    'csv-parse/Option `bom` preserve BOM if false': BOM_IS_DROPPED,
    'csv-parse/Option `comment` single comment line with empty field': COMMENT_IN_LINE,
    'csv-parse/Option `comment` doent apply inside quotes': COMMENT_IN_LINE,
    'csv-parse/Option `quote` error "Invalid Closing Quote" no throw followed by a comment': COMMENT_IN_LINE,
    'csv-parse/Option `escape` different than quote does not apply outside quoted field': ESCAPES_OUTSIDE,
    'csv-parse/Option `escape` different than quote does not apply to delimiter': ESCAPES_OUTSIDE,
    'csv-parse/Option `relax_quotes` true with invalid quotes on the left': KEEPS_QUOTES,
    'csv-parse/Option `relax_quotes` true with two invalid quotes on the left': KEEPS_QUOTES,
  },
}
