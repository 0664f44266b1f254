// The words of the mail engine.

export const mailVisibilities = ['participants', 'metadata', 'team'] as const;
/**
 * Who reads a mail beside its owner and the colleagues it was sent to or by. `participants`: nobody. `metadata`: whoever sees the
 * record sees that there was a mail, when and with whom. `team`: whoever sees the record reads it.
 */
export type MailVisibility = (typeof mailVisibilities)[number];
