/** Every bound of the system with its unit and reason. Reaching one is said aloud, never silent. */
export const LIMITS = {
  /** A row longer than this is rejected; the only limit on a row. 1 MiB holds any real record and bounds what a chunk reads past its end. */
  recordBytesMax: 1024 * 1024,
  /** More columns than this is no table; bounds what a profile keeps. */
  columnsMax: 2_000,
  /** How often an output may hold the same column: a record is at most so many times as long as it came. */
  columnCopiesMax: 4,
  /** A column's new name, in characters. */
  columnNameCharsMax: 1_000,
  /** A file's name in bytes of UTF-8: what every file system takes. */
  nameBytesMax: 255,
  /** Tags on a file, and the characters of one. */
  tagsMax: 32,
  tagCharsMax: 64,
  /** A delimiter in bytes: longer ones are no delimiters in any tool's files. */
  delimiterBytesMax: 8,
  /** How much of a file is looked at to learn its dialect. */
  sniffBytes: 64 * 1024,
  /** How much of a file a preview reads: an API request must stay short. */
  previewBytes: 256 * 1024,
  previewRowsMax: 1_000,
  /** What is handed to the scanner at once. Between 64 KiB and 4 MiB the speed is the same; 256 KiB keeps memory small. */
  blockBytes: 256 * 1024,
  /** The kernel's memory: for a filter, and for a profile with its sketches. An isolate has 128 MiB for everything. */
  filterMemoryBytesMax: 16 * 1024 * 1024,
  analyseMemoryBytesMax: 32 * 1024 * 1024,
  /** What may gather while one block is gone over: blocks are smaller where a short record can come to a long one. */
  gatheredBytesMax: 16 * 1024 * 1024,
  /** A request's body is read in pieces of this size. */
  readBytes: 1024 * 1024,
  /** One part of a multipart upload of ours: R2 takes 5 MiB at least, and all parts but the last equal. */
  partBytes: 8 * 1024 * 1024,
  partBytesMin: 5 * 1024 * 1024,
  /** R2: at most this many parts. */
  partsMax: 10_000,
  /** What one job may write: what fits into parts of which one is in memory (sizes.ts). */
  outputBytesMax: 600 * 1024 * 1024 * 1024,
  /** R2: 5 GiB a part; a Worker's request body is 100 MB, and we say so locally too. */
  requestBytesMax: 100_000_000,
  /** What a job may read: the largest object that R2 has. */
  jobBytesMax: 5 * 1024 * 1024 * 1024 * 1024,
  /** An input that has to be unpacked or decoded first: one message does that, from its first byte to its last, so there is a bound to what comes out. */
  decodedBytesMax: 16 * 1024 * 1024 * 1024,
  /** Packed files: more packed bytes than this are refused, and more than 200 bytes out of one are a bomb, not a list. Lists of equal rows pack better, so up to ratioFreeBytes nobody asks. */
  gzipBytesMax: 4 * 1024 * 1024 * 1024,
  gzipRatioMax: 200,
  gzipRatioFreeBytes: 16 * 1024 * 1024,
  /** What goes into zlib at once: how exactly a damaged place can be named. */
  gzipPieceBytes: 16 * 1024,
  /** JSON bodies: a spec with a long clause is a few KiB. */
  jsonBytesMax: 64 * 1024,
  /** The clause's text in bytes of UTF-8, the depth of its tree, the length of an IN list. */
  clauseBytesMax: 4 * 1024,
  clauseDepthMax: 32,
  clauseInMax: 1_000,
  /** A regular expression in bytes: the time to match grows with it, and what is longer is a program. */
  patternBytesMax: 256,
  /** A text that a function makes: four times the longest record. replace() within replace() could ask for more bytes than there are. */
  clauseTextBytesMax: 4 * 1024 * 1024,
  /** Longer texts are matched by re2js alone: the platform's engine keeps a stack for its way back, whose height grows with the text. */
  nativeRegexpCharsMax: 16 * 1024,
  /** Form data: how many parts, and the bytes of a field that is not the file. */
  formPartsMax: 32,
  formFieldBytesMax: 8 * 1024,
  /** What may be cleaned into a name, and short texts of requests: content types, names of encodings; in characters. */
  givenNameCharsMax: 4_096,
  shortTextCharsMax: 256,
  /** A page cursor, and a request id that a client brings along, in characters. */
  cursorCharsMax: 512,
  requestIdCharsMax: 128,
  /** What we tell a client that asks a moment too early, in seconds. */
  soonS: 1,
  /** The use of a key is noted at most this often: one write a minute, not one a request. */
  keyTouchMs: 60_000,
  /** The pepper of keys: shorter ones can be guessed, so the service does not start with one. */
  pepperBytesMin: 32,
  /** A page of a list. */
  pageSizeDefault: 50,
  pageSizeMax: 200,
  /** Steps of a lineage walk, and nodes in its answer. */
  lineageDepthMax: 20,
  lineageNodesMax: 1_000,
  /** Edges in its answer: each carries a specification. */
  lineageEdgesMax: 5_000,
  /** How long a claim holds without a heartbeat; a dead worker is noticed after this. */
  leaseMs: 60_000,
  heartbeatMs: 15_000,
  /** So long a holder works on without an answer to its sign of life: a lease less a heartbeat. A database that is busy for some seconds costs no work then. */
  silenceMs: 45_000,
  /** A first sign of life of a running chunk comes this early, so that progress moves; the distance then doubles up to the heartbeat. */
  firstBeatMs: 1_000,
  /** A running chunk asks this often whether its job was canceled. */
  cancelPollMs: 1_000,
  /** After so many bytes, or so much time, long work lets other work of the same process run. 50 ms is what a person does not notice; a pause costs about one. */
  yieldBytes: 4 * 1024 * 1024,
  yieldMs: 50,
  /** A request that takes a file away cancels at most so many jobs that read it: each is five questions, and an invocation has a thousand. */
  freeingJobsMax: 100,
  /** Tries of a chunk or job step before the job fails. */
  attemptsMax: 5,
  /** How often one question to the storage is asked before its failure is told. Four pauses from 100 ms on, doubling, are 0.75 to 1.5 s: R2 takes one write a second per key. */
  storageTriesMax: 5,
  triesPauseMs: 100,
  /** The same for the database, which serves one question at a time: what sheds load is not helped by more of it, so 0.15 to 0.3 s, and then whoever asks comes back later. */
  databaseTriesMax: 3,
  /** Tries of a chunk from a guessed line start; after these it waits until its start is known, and only then counts its attempts. */
  guessesMax: 2,
  /** Messages the relay sends again in one tick, and how long a fresh one is left to its sender. */
  relayRowsMax: 100,
  relayAfterMs: 30_000,
  /** Rows and objects a sweep looks at in one tick. */
  sweepRowsMax: 200,
  sweepObjectsMax: 500,
  /** A stored file that nothing settled for this long gets its storage event again. */
  settleAfterMs: 30_000,
  /** An upload under way for this long without its commit is given up. */
  uploadStaleMs: 24 * 3_600_000,
  /** Multipart uploads: R2 drops them after 7 days. */
  uploadExpiresMs: 6 * 24 * 3_600_000,
  jobExpiresMs: 24 * 3_600_000,
  jobExpiresMsMax: 7 * 24 * 3_600_000,
  idempotencyMs: 48 * 3_600_000,
  idempotencyKeyMax: 255,
  /** The longest a request waits for a job (`Prefer: wait`). */
  waitMs: 25_000,
  /** Whoever waits for a job or follows it looks at it each second: a query is not free, and D1 takes 1,000 of one request. Of a request that waits the first looks come sooner. */
  watchPollMs: 1_000,
  waitPollMs: 250,
  waitPollSoonMs: 2_000,
  /** How long one request may follow a job: 600 looks. After so long without a change it hears that we are still there; proxies cut what is silent for a minute. */
  followMs: 600_000,
  keepAliveMs: 15_000,
  /** When a client that was cut off comes back, and one whose time was over. */
  followAgainMs: 3_000,
  followOnMs: 1_000,
  /** Metrics: rows that one gathering reads of each kind, and how long its answer serves. At one every 15 seconds it reads 240 million rows a day at the very worst: a quarter of a dollar. */
  metricsRowsMax: 10_000,
  metricsFreshMs: 15_000,
  /** KV keeps nothing for less. */
  cacheSecondsMin: 60,
  /** A tick's own lease: two at once do the work once. */
  tickLeaseMs: 55_000,
  /** Records that `count` shows, and their bytes. */
  headRowsMax: 1_000,
  headBytesMax: 256 * 1024,
  /** What the sketches of one profile may take, all columns together; the rest of analyse's 32 MiB is the kernel's for a block and its records. */
  profileBudgetBytes: 21 * 1024 * 1024,
  /** What a profile keeps of one value in bytes, how many different samples and how many frequent values it shows of a column. */
  profileValueBytesMax: 64,
  profileSamplesMax: 5,
  profileFrequentMax: 10,
  /** Bars of a column's histogram: what a person takes in at once. */
  profileBarsMax: 20,
  /** A profile's summary in the database. */
  profileSummaryBytesMax: 64 * 1024,
  /** Profiles are kept in KV for a day. */
  profileCacheS: 86_400,
  /** The client: a list up to this goes in one request (below what a request may have), larger ones in parts, this many on their way at once. */
  clientWholeBytesMax: 90_000_000,
  clientParallelParts: 3,
  /** The client: how often a repeatable request is sent, the first pause between two (it doubles), and the longest it lets the service dictate. Covers a restart of the local runtime. */
  clientTriesMax: 6,
  clientPauseMs: 150,
  clientPauseMsMax: 10_000,
  /** The client: how long one question about a job is held, so that progress is seen about once a second. */
  clientWaitS: 1,
  metadataKeysMax: 16,
  metadataKeyCharsMax: 64,
  /** A job's name for itself, given by whoever asked. */
  customIdCharsMax: 128,
  metadataCharsMax: 512,
} as const
