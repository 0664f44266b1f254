/** First and last name as one; empty when there is neither. */
export function fullNameOf(values: Readonly<Record<string, unknown>>): string {
  return ['firstName', 'lastName']
    .map((field) => values[field])
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ');
}
