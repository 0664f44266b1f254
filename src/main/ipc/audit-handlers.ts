// What the audit explorer asks of the server. Everything is decided there, with the rights of the moment; nothing of it is
// kept on this computer.
import { Type } from 'typebox';
import { KeptPolicySchema } from '#shared/audit/policy/audit-policy.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Question, ServerClient } from '#main/sync/server-client.ts';
import {
  AuditAlertsSchema,
  AuditExportSchema,
  AuditExportsSchema,
  AuditFiguresSchema,
  AuditLineSchema,
  ComplianceReportsSchema,
  RetentionStateSchema,
} from '#shared/sync/audit-messages.ts';
import type { Static, TSchema } from 'typebox';

type Names =
  | 'audit.figures'
  | 'audit.review'
  | 'audit.policies'
  | 'audit.savePolicy'
  | 'audit.removePolicy'
  | 'audit.alerts'
  | 'audit.reports'
  | 'audit.retention'
  | 'audit.hold'
  | 'audit.release'
  | 'audit.export'
  | 'audit.exports'
  | 'audit.exportFile';

const Policies = Type.Object({ policies: Type.Array(KeptPolicySchema) });
const Done = Type.Object({});

function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

export function createAuditHandlers(
  active: () => ActiveProfile,
  client: Pick<ServerClient, 'ask' | 'fetchFile'>,
): Pick<Handlers, Names> {
  function ask<Schema extends TSchema>(
    schema: Schema,
    method: Question<Schema>['method'],
    path: string,
    body?: unknown,
  ): Promise<Static<Schema>> {
    const { account, access } = active();
    const question = { method, path: `/api/v1/audit/${path}`, schema, ...(body === undefined ? {} : { body }) };
    return access.run((token) => client.ask(account.serverUrl, token, question));
  }
  return {
    'audit.figures': (query) => ask(AuditFiguresSchema, 'GET', `stats${queryOf(query)}`),
    'audit.review': ({ no, note }) => ask(AuditLineSchema, 'POST', `logs/${String(no)}/review`, { note }),
    'audit.policies': async () => (await ask(Policies, 'GET', 'policies')).policies,
    'audit.savePolicy': ({ id, policy }) =>
      id === undefined
        ? ask(KeptPolicySchema, 'POST', 'policies', policy)
        : ask(KeptPolicySchema, 'PUT', `policies/${encodeURIComponent(id)}`, policy),
    async 'audit.removePolicy'({ id }) {
      await ask(Done, 'DELETE', `policies/${encodeURIComponent(id)}`);
      return null;
    },
    'audit.alerts': async () => (await ask(AuditAlertsSchema, 'GET', 'alerts')).alerts,
    'audit.reports': async (query) =>
      (await ask(ComplianceReportsSchema, 'GET', `compliance-reports${queryOf(query)}`)).reports,
    'audit.retention': () => ask(RetentionStateSchema, 'GET', 'retention'),
    async 'audit.hold'(body) {
      await ask(Done, 'POST', 'holds', body);
      return null;
    },
    async 'audit.release'({ id }) {
      await ask(Done, 'POST', `holds/${encodeURIComponent(id)}/release`, {});
      return null;
    },
    'audit.export': (wish) => ask(AuditExportSchema, 'POST', 'exports', wish),
    'audit.exports': async () => (await ask(AuditExportsSchema, 'GET', 'exports')).exports,
    'audit.exportFile': ({ id }) => {
      const { account, access } = active();
      const url = `${account.serverUrl}/api/v1/audit/exports/${encodeURIComponent(id)}/file`;
      return access.run((token) => client.fetchFile(url, token));
    },
  };
}
