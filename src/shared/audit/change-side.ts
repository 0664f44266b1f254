interface Changed {
  readonly changes: readonly { readonly field: string; readonly before?: unknown; readonly after?: unknown }[] | null;
}

/** One side of everything an entry says, such as the currency that belongs to an amount. */
export function changeSide({ changes }: Changed, which: 'before' | 'after'): Readonly<Record<string, unknown>> {
  return Object.fromEntries((changes ?? []).map((change) => [change.field, change[which]]));
}
