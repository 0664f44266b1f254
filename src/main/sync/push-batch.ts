// One push. What comes back is in the journal when this returns. A batch the server cannot even read is halved until the
// operation that spoils it is alone and can be put aside for the user, so that it never blocks what stands behind it.
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import { PROTOCOL_VERSION, PUSH_BATCH_SIZE } from '#shared/sync/operation.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

function isUnreadable(error: unknown): error is OutpostError {
  return error instanceof OutpostError && (error.code === 'invalid' || error.code === 'too_large');
}

/** Sends the oldest unanswered operations; throws what the server or the journal refuses. */
export async function pushBatch(
  client: Pick<ServerClient, 'push'>,
  profile: ActiveProfile,
  signal: AbortSignal,
): Promise<void> {
  const { journal, access, account } = profile;
  let limit = PUSH_BATCH_SIZE;
  for (;;) {
    const ops = journal.nextBatch(limit);
    if (ops.length === 0) return;
    try {
      const body = { protocol: PROTOCOL_VERSION, ops: [...ops] };
      const answer = await access.run((token) =>
        client.push(account.serverUrl, token, { ...body, epoch: profile.state().actor.epoch }, signal),
      );
      journal.storeVerdicts(answer.verdicts);
      if (journal.nextBatch(1)[0]?.opId === ops[0]?.opId)
        throw new OutpostError('server_busy', 'The server did not answer for what was sent.');
      return;
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const isOneUnit =
        ops.length === 1 || ops.every((operation) => operation.txn !== null && operation.txn === ops[0]?.txn);
      if (isOneUnit) for (const operation of ops) journal.setAside(operation.opNo, toErrorData(error));
      else limit = Math.ceil(ops.length / 2);
    }
  }
}
