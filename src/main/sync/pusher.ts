// Sends what the journal holds, oldest first. What comes back is in the journal before anybody hears of it. While a batch
// is judged, the next one is already on its way. Should it overtake the one before it, the server refuses the gap in the
// numbers, and it is sent again after that one was answered. A batch that cannot be carried over a slow line shrinks, and
// small ones go one by one; one the server cannot even read is halved until the operation that spoils it is alone and can
// be put aside for the user.
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import type { PushResponse, Verdict } from '#shared/sync/messages.ts';
import { PROTOCOL_VERSION, PUSH_BATCH_SIZE, type Operation } from '#shared/sync/operation.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import { isBehind } from '#main/sync/read-refusal.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

/** Small enough for the slowest line that is still a line. */
const SMALLEST_BATCH = 25;

export interface Pusher {
  /** Sends the oldest unanswered operations; throws what the server or the journal refuses. `epoch`: of what is held here. */
  push(profile: ActiveProfile, epoch: number, signal: AbortSignal): Promise<void>;
  /** What is on its way is not waited for any more; it is sent again, and answered the same. */
  forget(): void;
}

interface Sent {
  readonly ops: readonly Operation[];
  readonly answer: Promise<PushResponse>;
  /** It left before the batch before it was answered. */
  readonly isEarly: boolean;
}

function isUnreadable(error: unknown): error is OutpostError {
  // A gap in the numbers is no fault of an operation: the server does not know what it once answered.
  if (!(error instanceof OutpostError) || isBehind(error)) return false;
  return error.code === 'invalid' || error.code === 'too_large';
}

/** A verdict speaks of the record of its operation, and of no other one. */
function checkRecords(ops: readonly Operation[], verdicts: readonly Verdict[]): void {
  const byId = new Map(ops.map((operation) => [operation.opId, operation]));
  for (const { opId, record } of verdicts) {
    const operation = byId.get(opId);
    if (record === null || operation === undefined) continue;
    if (record['id'] !== operation.recordId || record['kind'] !== operation.entity)
      throw new OutpostError('wrong_answer', 'The server answered a change with another record.');
  }
}

function isOneUnit(ops: readonly Operation[]): boolean {
  return ops.length === 1 || ops.every((operation) => operation.txn !== null && operation.txn === ops[0]?.txn);
}

/** Lets what was asked for leave before this thread is kept busy. */
export type NextTurn = () => Promise<void>;

const nextImmediate: NextTurn = () => new Promise((resolve) => setImmediate(resolve));

export function createPusher(client: Pick<ServerClient, 'push'>, nextTurn: NextTurn = nextImmediate): Pusher {
  let limit = PUSH_BATCH_SIZE;
  let ahead: Sent | null = null;

  function send(
    { access, account }: ActiveProfile,
    epoch: number,
    ops: readonly Operation[],
    signal: AbortSignal,
    isEarly: boolean,
  ): Sent {
    const answer = access.run((token) => {
      const body = { protocol: PROTOCOL_VERSION, epoch, ops: [...ops] };
      return client.push(account.serverUrl, token, body, signal);
    });
    // Told to whoever waits for it; nobody may.
    answer.catch(() => undefined);
    return { ops, answer, isEarly };
  }

  function takeAhead(first: Operation | undefined): Sent | null {
    const sent = ahead?.ops[0]?.opId === first?.opId ? ahead : null;
    ahead = null;
    return sent;
  }

  /** Makes the next try smaller, or takes what spoils this one out of the way; throws what is neither. */
  function giveWay({ journal }: ActiveProfile, ops: readonly Operation[], error: unknown): void {
    if (error instanceof OutpostError && error.code === 'server_unreachable')
      limit = Math.max(SMALLEST_BATCH, Math.ceil(limit / 2));
    if (!isUnreadable(error)) throw error;
    // Nothing is left to put aside: asking again at once would go round for ever.
    if (ops.every((operation) => operation.kind === 'void')) throw error;
    if (isOneUnit(ops)) for (const operation of ops) journal.setAside(operation.opNo, toErrorData(error));
    else limit = Math.ceil(ops.length / 2);
  }

  /** Lets the batch after one leave, if there is one. */
  async function sendNext(
    profile: ActiveProfile,
    epoch: number,
    after: readonly Operation[],
    signal: AbortSignal,
    isEarly: boolean,
  ): Promise<void> {
    if (ahead !== null || signal.aborted) return;
    const next = profile.journal.nextBatch(limit, after.at(-1)?.opNo);
    if (next.length === 0) return;
    ahead = send(profile, epoch, next, signal, isEarly);
    // Storing keeps this thread busy: first the request must leave.
    await nextTurn();
  }

  return {
    async push(profile, epoch, signal) {
      const { journal } = profile;
      for (;;) {
        const waiting = journal.nextBatch(limit);
        const first = waiting[0];
        if (first === undefined) return;
        const { ops, answer, isEarly } = takeAhead(first) ?? send(profile, epoch, waiting, signal, false);
        try {
          if (limit === PUSH_BATCH_SIZE) await sendNext(profile, epoch, ops, signal, true);
          const { verdicts, serverTime } = await answer;
          checkRecords(ops, verdicts);
          profile.lease.noteContact(toEpochMs(serverTime));
          await sendNext(profile, epoch, ops, signal, false);
          journal.storeVerdicts(verdicts);
        } catch (error) {
          if (!(isEarly && error instanceof OutpostError && isBehind(error))) giveWay(profile, ops, error);
          continue;
        }
        if (journal.nextBatch(1)[0]?.opId === first.opId)
          throw new OutpostError('server_busy', 'The server did not answer for what was sent.');
        limit = Math.min(PUSH_BATCH_SIZE, limit * 2);
        return;
      }
    },
    forget() {
      ahead = null;
    },
  };
}
