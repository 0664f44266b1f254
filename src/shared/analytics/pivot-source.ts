// What a pivot can be asked about.

/** What can be asked about: records of these entities, and the lines of deals. */
export const pivotSources = [
  'deal',
  'dealLine',
  'account',
  'contact',
  'lead',
  'activity',
  'task',
  'stageChange',
  'product',
  'user',
  'campaign',
] as const;
export type PivotSource = (typeof pivotSources)[number];

export function isPivotSource(name: unknown): name is PivotSource {
  return pivotSources.some((source) => source === name);
}

/** The entity whose records a source is made of: lines are those of deals. */
export function entityOfSource(source: PivotSource): Exclude<PivotSource, 'dealLine'> {
  return source === 'dealLine' ? 'deal' : source;
}
