// What the data host and the job engine say to each other about an import.

/** What the job keeps until the import is over. */
export interface ImportToKeep {
  readonly importId: string;
  readonly fileName: string;
  /** The rows as they were understood when it began, packed by the data host; nobody else reads them. */
  readonly rows: string;
}

/** What became of asking for the next batch. */
export type ImportStep =
  /** It does not have the rows: they have to be given with the question. */
  | { readonly is: 'needsRows' }
  | { readonly is: 'step'; readonly done: number; readonly total: number }
  | { readonly is: 'over' };
