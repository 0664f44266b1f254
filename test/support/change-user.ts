// A change of a user as an administrator's computer would push it: judged, audited, followed by everything it means.
import type { PushResponse, Where } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { call, signIn } from '#test/support/start-server.ts';

let count = 0;

/** By `adminId`, from a computer of its own each time. Throws when it was not applied. */
export async function changeUser(
  server: { readonly url: string },
  adminId: string,
  userId: string,
  to: Readonly<Record<string, unknown>>,
): Promise<void> {
  count += 1;
  const { accessToken: token } = await signIn(server, adminId, `change-${String(count)}`);
  const [group = ''] = Object.keys(to);
  const operation: Operation = {
    opId: `change-user-${String(count)}`,
    opNo: 1,
    txn: null,
    kind: 'patch',
    entity: 'user',
    recordId: userId,
    command: 'updateRecord',
    baseRev: 0,
    changes: [{ group, base: {}, to }],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
  const { epoch } = (await call(server, '/sync/v1/where', { token })).body as Where;
  const answer = await call(server, '/sync/v1/push', { token, body: { protocol: 1, epoch, ops: [operation] } });
  const [verdict] = (answer.body as PushResponse).verdicts;
  if (verdict?.status !== 'applied') throw new Error(`not applied: ${answer.text}`);
}
