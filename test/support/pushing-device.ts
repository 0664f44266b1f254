// A device that edits without end against servers that come and go: what was not answered is sent again, to whichever
// server is there. It notes every answer it received, which is what the servers may never lose.
import type { SessionGrant } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { call, signIn } from '#test/support/start-server.ts';

export interface PushingDevice {
  readonly id: string;
  /** Operations that were answered, by id. */
  readonly answered: ReadonlySet<string>;
  /** Ends after the batch under way is answered. */
  stop(): Promise<void>;
}

export interface PushingDeviceOptions {
  readonly personId: string;
  readonly deviceId: string;
  /** Addresses of the servers that are there now. */
  readonly servers: () => readonly string[];
}

const OPERATIONS_OF_A_PUSH = 3;

function createOperation(deviceId: string, userId: string, opNo: number): Operation {
  const recordId = `${deviceId}-${String(opNo)}`;
  return {
    opId: `op-${recordId}`,
    opNo,
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId,
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name: `Account ${recordId}` } },
      { group: 'owner', base: {}, to: { ownerId: userId } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: SCHEMA_VERSION,
  };
}

/** Signs in at the first server and begins to push. */
export async function startPushing(options: PushingDeviceOptions): Promise<PushingDevice> {
  const { personId, deviceId, servers } = options;
  const grant: SessionGrant = await signIn({ url: servers()[0] ?? '' }, personId, deviceId);
  const answered = new Set<string>();
  const state = { isOver: false };

  async function pushOnce(operations: readonly Operation[], attempt: number): Promise<boolean> {
    const there = servers();
    const url = there[attempt % Math.max(1, there.length)];
    if (url === undefined) return false;
    try {
      const body = { protocol: 1, epoch: grant.actor.epoch, ops: operations };
      const answer = await call({ url }, '/sync/v1/push', { token: grant.accessToken, body });
      if (answer.status >= 500) return false;
      if (answer.status !== 200) throw new Error(`push answered ${String(answer.status)}: ${answer.text}`);
      const { verdicts } = answer.body as {
        readonly verdicts: readonly { readonly opId: string; readonly status: string }[];
      };
      if (verdicts.some((verdict) => verdict.status !== 'applied')) throw new Error(answer.text.slice(0, 500));
      for (const verdict of verdicts) answered.add(verdict.opId);
      return true;
    } catch (error) {
      // What fetch throws when nobody listens or the connection breaks: not answered, so it is sent again.
      if (error instanceof TypeError) return false;
      throw error;
    }
  }

  async function run(): Promise<void> {
    for (let opNo = 1; !state.isOver; opNo += OPERATIONS_OF_A_PUSH) {
      const operations = Array.from({ length: OPERATIONS_OF_A_PUSH }, (_, index) =>
        createOperation(deviceId, grant.actor.userId, opNo + index),
      );
      for (let attempt = opNo; !(await pushOnce(operations, attempt)); attempt += 1)
        await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  const running = run();
  return {
    id: deviceId,
    answered,
    async stop() {
      state.isOver = true;
      await running;
    },
  };
}
