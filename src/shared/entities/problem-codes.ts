// Everything that can be wrong with a value, by code. The compiler keeps other codes out of commands, validation and
// import; a test keeps a text for each of them in every language (`problems.<code>`).

/** Of a value that was entered, whatever way. */
const valueProblems = [
  'required',
  'unknown',
  'system',
  'type',
  'number',
  'integer',
  'range',
  'negative',
  'characters',
  'tooLong',
  'option',
  'duplicate',
  'email',
  'phone',
  'url',
  'currency',
  'date',
  'dateTime',
  'reference',
  'id',
  'taken',
  'erased',
  'future',
  'past',
  'cycle',
  'tooDeep',
  'filter',
  'rate',
  'sameCurrency',
  'month',
  'quotaOf',
  'goalOf',
  'milestones',
  'aboveZero',
  'periodStart',
  'periodEnd',
  'forecastNode',
  'time',
  'recipients',
  'variable',
  'customPlace',
  'customOptions',
  'sameLabel',
  'noPlaceLeft',
  // Tasks.
  'waitsForItself',
  'waitsInACircle',
  'waitsTooDeep',
  'weeklyHours',
  'blocked',
  'recurrence',
  'checklist',
  'templateItems',
  'timeSpan',
  'commentParent',
  // How an organization looks.
  'logo',
  'color',
] as const;

/** Of a step that does not fit the record. */
const stepProblems = [
  'lostReason',
  'lostNotes',
  'stage',
  'openStage',
  'notClosed',
  'reopenFirst',
  'stages',
  'stageIds',
  'stageTypes',
  'converted',
  'importRunning',
  'inactive',
  'hasPassword',
  'successor',
  'tooMany',
  'quotaCurrencies',
  'current',
  // Roles and field rules.
  'administrators',
  'maskConfig',
  'notGrantable',
  'scopes',
  'ungoverned',
  /** Something the person does not see. */
  'unseen',
  'samePassword',
  /** A kept secret is asked for again: it would go somewhere else. */
  'otherPlace',
  'otherProvider',
  // Files.
  // Dashboards.
  'tiles',
  'fileName',
  'emptyFile',
  'fileParent',
  'fileTooLarge',
  'filesFull',
  'planStorage',
  'domain',
  // Of an installation.
  'laxer',
  'ownDomain',
  'planInUse',
  'operator',
  'decided',
  'notOpen',
] as const;

/** Of a cell in a file. */
const cellProblems = [
  'notDate',
  'notYesNo',
  'notAmount',
  'notImportable',
  'ambiguous',
  'noRecord',
  'noRecordLike',
  'twiceInFile',
] as const;

export const problemCodes = [...valueProblems, ...stepProblems, ...cellProblems] as const;
export type ProblemCode = (typeof problemCodes)[number];
