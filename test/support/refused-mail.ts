// What a journal holds of a mail the server refused to keep.
import type { AttentionItem } from '#shared/ipc/sync-status.ts';

const item = (id: string, operation: object, more: Partial<AttentionItem>): AttentionItem => ({
  id,
  operation: {
    opId: id,
    opNo: 1,
    kind: 'create',
    command: 'keepMail',
    dependsOn: [],
    changes: [],
    ...operation,
  } as never,
  label: null,
  code: 'blocked',
  message: '',
  problems: [],
  createdAt: '2026-11-27T10:00:00.000Z',
  causedBy: null,
  ...more,
});

export const erasedProblem = { field: 'recipients', code: 'erased', message: 'This person was erased.' };

/** The three operations of one mail; the first was refused as `because` says, the others waited for it. */
export function refusedMail(messageId: string, because: Partial<AttentionItem>): AttentionItem[] {
  const [txn, first] = [`txn-${messageId}`, `op-${messageId}`];
  return [
    item(first, { entity: 'mailMessage', recordId: messageId, txn }, because),
    item(`${first}-t`, { entity: 'mailContent', recordId: `${messageId}-t`, txn }, { causedBy: first }),
    item(`${first}-f`, { entity: 'file', recordId: `${messageId}-f`, txn }, { causedBy: first }),
  ];
}

/** Something a person did. */
export const refusedByHand = (command: string, entity: string, recordId: string): AttentionItem =>
  item(`hand-${recordId}`, { kind: 'patch', command, entity, recordId, txn: null }, {});
