// A mail that is written once and filled in for many (EML-01). Whoever saves one with a variable nobody fills in is told
// its name, here and not when the mail has gone.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { documentSharing, documentSharingPolicies } from '#shared/entities/document-sharing.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { mailVariables } from '#shared/mail/mail-variables.ts';
import { unknownVariables } from '#shared/mail/render-template.ts';

export const MOST_SUBJECT_LENGTH = 300;
export const MOST_BODY_LENGTH = 100_000;

const known = mailVariables.map(({ name }) => name);

/** One problem for each text with names that are no variables; the message names them. */
export function problemsOfVariables(
  record: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  names: readonly string[] = known,
): readonly FieldProblem[] {
  return fields.flatMap((field) => {
    const text = record[field];
    const unknown = typeof text === 'string' ? unknownVariables([text], names) : [];
    if (unknown.length === 0) return [];
    const named = unknown.map((name) => `{${name}}`).join(', ');
    return [{ field, code: 'variable' as const, message: `Nothing is known that could be filled in for ${named}.` }];
  });
}

export const mailTemplate = defineEntity({
  name: 'mailTemplate',
  collection: 'messages',
  label: 'Mail template',
  labelPlural: 'Mail templates',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: {
      type: 'text',
      label: 'Name',
      required: true,
      maxLength: 120,
      searchable: true,
      indexed: true,
      listed: true,
    },
    subject: { type: 'text', label: 'Subject', required: true, maxLength: MOST_SUBJECT_LENGTH, listed: true },
    body: { type: 'longText', label: 'Content', required: true, maxLength: MOST_BODY_LENGTH },
    format: {
      type: 'select',
      label: 'Written as',
      defaultValue: 'text',
      options: toOptions({ text: 'Text', html: 'HTML' }),
    },
    ...documentSharing,
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', name: 'manual', subject: 'manual', body: 'text3', ...documentSharingPolicies },
  validate: (record) => problemsOfVariables(record, ['subject', 'body']),
});
export type MailTemplate = RecordOf<typeof mailTemplate>;
