// Questions to an installation and operations of its organizations, as tests send them over HTTP.
import type { Static } from 'typebox';
import type { OrganizationsSchema, PlatformAuditSchema } from '#shared/platform/platform-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { call, type Answer } from '#test/support/start-server.ts';

export type PlatformOrganizations = Static<typeof OrganizationsSchema>;
export type PlatformAudit = Static<typeof PlatformAuditSchema>;

export function platformOf(
  server: { readonly url: string },
  grant: SessionGrant,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return call(server, `/api/v1/platform${path}`, {
    method,
    token: grant.accessToken,
    ...(body === undefined ? {} : { body }),
  });
}

function create(
  entity: string,
  deviceId: string,
  opNo: number,
  values: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Operation {
  return {
    opId: `op-${deviceId}-${String(opNo)}`,
    opNo,
    txn: null,
    kind: 'create',
    entity,
    recordId: `${entity}-${deviceId}-${String(opNo)}`,
    command: 'createRecord',
    baseRev: 0,
    changes: Object.entries(values).map(([group, to]) => ({ group, base: {}, to })),
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: SCHEMA_VERSION,
  };
}

/** The `opNo`-th operation of a device: a new account of its user. */
export function createAccount(userId: string, deviceId: string, opNo: number): Operation {
  return create('account', deviceId, opNo, {
    name: { name: `Account of ${userId} ${String(opNo)}` },
    owner: { ownerId: userId },
  });
}

export function createUser(userId: string, deviceId: string, opNo: number, email?: string): Operation {
  return create('user', deviceId, opNo, {
    name: { name: `Colleague ${String(opNo)} of ${userId}` },
    email: { email: email ?? `colleague-${String(opNo)}@example.test` },
    role: { role: 'sales_rep' },
    isActive: { isActive: true },
  });
}
