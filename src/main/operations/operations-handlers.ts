// What the window of operations asks of the server: everything at once and with the rights the server knows, nothing is kept here.
import type { Static, TSchema } from 'typebox';
import { AlertOverviewSchema } from '#shared/sync/alert-messages.ts';
import { DiagnosisSchema } from '#shared/sync/diagnosis-messages.ts';
import { HealthDetailSchema } from '#shared/sync/health-messages.ts';
import { JobListSchema, JobOverviewSchema } from '#shared/sync/job-messages.ts';
import {
  MonitoringErrorsSchema,
  MonitoringStatsSchema,
  MonitoringUsageSchema,
} from '#shared/sync/monitoring-messages.ts';
import { ProfileFileSchema, ProfileStateSchema } from '#shared/sync/profile-messages.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';
import type { OperationsChannel } from '#shared/ipc/channel-names.ts';

type Wish = Readonly<Record<string, unknown>>;

function queryOf(wish: Wish): string {
  const pairs = Object.entries(wish).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

export function createOperationsHandlers(
  requireActive: () => ActiveProfile,
  client: Pick<ServerClient, 'ask'>,
): Pick<Handlers, OperationsChannel> {
  function ask<Schema extends TSchema>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    schema: Schema,
    wish: Wish,
  ): Promise<Static<Schema>> {
    const { account, access } = requireActive();
    const question =
      method === 'GET' ? { method, path: `${path}${queryOf(wish)}`, schema } : { method, path, schema, body: wish };
    return access.run((token) => client.ask(account.serverUrl, token, question));
  }
  return {
    'operations.health': () => ask('GET', '/api/health/detailed', HealthDetailSchema, {}),
    'operations.stats': (wish) => ask('GET', '/api/v1/monitoring/stats', MonitoringStatsSchema, wish),
    'operations.errors': (wish) => ask('GET', '/api/v1/monitoring/errors', MonitoringErrorsSchema, wish),
    'operations.usage': (wish) => ask('GET', '/api/v1/monitoring/usage', MonitoringUsageSchema, wish),
    'operations.jobs': () => ask('GET', '/api/v1/jobs', JobOverviewSchema, {}),
    'operations.jobList': (wish) => ask('GET', '/api/v1/jobs/list', JobListSchema, wish),
    'operations.jobAction': (wish) => ask('POST', '/api/v1/jobs/action', JobOverviewSchema, wish),
    'operations.queue': (wish) => ask('PUT', '/api/v1/jobs/queue', JobOverviewSchema, wish),
    'operations.plan': (wish) => ask('PUT', '/api/v1/jobs/plan', JobOverviewSchema, wish),
    'operations.runPlan': (wish) => ask('POST', '/api/v1/jobs/plan/run', JobOverviewSchema, wish),
    'operations.alerts': () => ask('GET', '/api/v1/alerts', AlertOverviewSchema, {}),
    'operations.saveRule': (wish) => ask('PUT', '/api/v1/alerts/rule', AlertOverviewSchema, wish),
    'operations.forgetRule': (wish) => ask('POST', '/api/v1/alerts/rule/forget', AlertOverviewSchema, wish),
    'operations.seeAlert': (wish) => ask('POST', '/api/v1/alerts/seen', AlertOverviewSchema, wish),
    'operations.profile': () => ask('GET', '/api/v1/profile', ProfileStateSchema, {}),
    'operations.beginProfile': (wish) => ask('POST', '/api/v1/profile', ProfileStateSchema, wish),
    'operations.profileFile': () => ask('GET', '/api/v1/profile/file', ProfileFileSchema, {}),
    'operations.diagnosis': () => ask('GET', '/api/v1/diagnosis', DiagnosisSchema, {}),
  };
}
