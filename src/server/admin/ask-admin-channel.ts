// The other end of the admin channel: the same work, done by the server that has the database open.
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { fromErrorData, OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { AdminWork } from '#server/admin/admin-work.ts';
import {
  readParts,
  type AdminDoor,
  type AuditRequest,
  type MaintenanceRequest,
  type OperatorRequest,
  type PersonRequest,
  type SignInRequest,
  type TenantRequest,
} from '#server/admin/admin-channel.ts';

function open({ port, key }: AdminDoor, path: string): { sent: ClientRequest; answered: Promise<IncomingMessage> } {
  const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers: { authorization: `Bearer ${key}` } });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', (cause) =>
      reject(
        new OutpostError('server_unreachable', 'The running server does not answer on this computer.', {}, { cause }),
      ),
    );
  });
  return { sent, answered };
}

async function readAnswer<Value>(response: IncomingMessage): Promise<Value> {
  if (response.statusCode !== 200)
    throw new OutpostError(
      'server_unreachable',
      'The running server did not accept this command. Restart it and try again.',
    );
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const answer = JSON.parse(text) as { readonly value?: Value; readonly error?: ErrorData };
  if (answer.error !== undefined) throw fromErrorData(answer.error);
  return answer.value as Value;
}

export function askAdminChannel(door: AdminDoor): AdminWork {
  async function ask<Value>(path: string, body: object): Promise<Value> {
    const { sent, answered } = open(door, path);
    sent.end(JSON.stringify(body));
    return readAnswer<Value>(await answered);
  }
  return {
    async dump(emit) {
      const { sent, answered } = open(door, '/dump');
      sent.end();
      const response = await answered;
      if (response.headers['content-type'] === 'application/json') {
        await readAnswer(response);
        return;
      }
      for await (const part of readParts(response)) await emit(part);
    },
    async restore(parts, replace) {
      const { sent, answered } = open(door, replace ? '/restore?replace' : '/restore');
      const sending = (async () => {
        for await (const part of parts) if (!sent.write(`${JSON.stringify(part)}\n`)) await once(sent, 'drain');
        sent.end();
      })();
      // A refusal comes before everything was sent: then nobody waits for the rest.
      const response = await Promise.race([answered, sending.then(() => answered)]);
      return readAnswer(response);
    },
    exportPerson: (tenantId, wish) => ask('/person/export', { tenantId, wish } satisfies PersonRequest),
    platform: (call, input) => ask('/platform', { call, input }),
    moveOperator: (tenantId) => ask('/operator', { tenantId } satisfies OperatorRequest),
    announceMaintenance: (tenantId, planned) => ask('/maintenance', { tenantId, planned } satisfies MaintenanceRequest),
    verifyAudits: (tenantId, anchors) => ask('/audit/verify', { tenantId, anchors } satisfies AuditRequest),
    erasePerson: (tenantId, wish) => ask('/person/erase', { tenantId, wish } satisfies PersonRequest),
    confirmDomain: (tenantId, domain) => ask('/sign-in/domain', { tenantId, domain } satisfies SignInRequest),
    allowPasswords: (tenantId) => ask('/sign-in/passwords', { tenantId } satisfies SignInRequest),
    allowAnyAddress: (tenantId) => ask('/addresses/any', { tenantId } satisfies TenantRequest),
  };
}
