// What the server refuses of a mailbox because somebody in it was erased at their own request. It was made from the mailbox by
// itself, nobody typed it, and nobody has anything to decide about it.
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import type { Operation } from '#shared/sync/operation.ts';

const COMMAND = 'keepMail';
const kinds: ReadonlySet<string> = new Set(['mailMessage', 'mailContent', 'file']);

export interface ErasedMail {
  /** Ids of the records of mails. */
  readonly messages: readonly string[];
  /** Ids of files that were to hold the mails. */
  readonly files: readonly string[];
  /** Ids of items that are to go. */
  readonly items: readonly string[];
}

const isOfMailbox = ({ command, kind, entity }: Operation): boolean =>
  command === COMMAND && kind === 'create' && kinds.has(entity);

const isErased = ({ code, problems, why }: AttentionItem): boolean =>
  why?.['reason'] === 'erased' ||
  (code === 'invalid' && problems.length > 0 && problems.every((problem) => problem.code === 'erased'));

/** Looks through what was refused. A mail about which somebody did anything by hand stays, with everything that hangs on it. */
export function erasedMailIn(attention: readonly AttentionItem[], pending: readonly Operation[]): ErasedMail {
  const ofMailbox = attention.filter(({ operation }) => isOfMailbox(operation));
  const touched = new Set(
    [...attention.map(({ operation }) => operation), ...pending]
      .filter((operation) => !isOfMailbox(operation))
      .map(({ recordId }) => recordId),
  );
  const refused = new Set(ofMailbox.filter(isErased).map(({ operation }) => operation.txn));
  const groups = Map.groupBy(
    ofMailbox.filter(({ operation }) => operation.txn !== null && refused.has(operation.txn)),
    ({ operation }) => operation.txn,
  );
  const gone = [...groups.values()]
    .filter((group) => group.every((item) => isErased(item) || item.code === 'blocked'))
    .filter((group) => !group.some(({ operation }) => touched.has(operation.recordId)))
    .flat();
  const idsOf = (entity: string): readonly string[] =>
    gone.flatMap(({ operation }) => (operation.entity === entity ? [operation.recordId] : []));
  return { messages: idsOf('mailMessage'), files: idsOf('file'), items: gone.map(({ id }) => id) };
}
