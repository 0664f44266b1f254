/** A line of what the work of mail told, for the window of background jobs. */
export interface WorkLine {
  readonly atMs: number;
  readonly text: string;
}
