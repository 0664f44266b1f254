// What screens ask the server about scheduled reports.
import { RunReportAnswerSchema, type RunReportAnswer } from '#shared/sync/report-messages.ts';
import type { Handlers } from '#main/ipc/answer-invoke.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

export function createReportHandlers(
  client: Pick<ServerClient, 'ask'>,
  requireActive: () => ActiveProfile,
): Pick<Handlers, 'reports.run' | 'reports.decide'> {
  function ask(scheduleId: string, path: string, body: object): Promise<RunReportAnswer> {
    const { account, access } = requireActive();
    const schedule = `/api/v1/analytics/report-schedules/${encodeURIComponent(scheduleId)}`;
    const question = { method: 'POST', path: `${schedule}/${path}`, schema: RunReportAnswerSchema, body } as const;
    return access.run((token) => client.ask(account.serverUrl, token, question));
  }
  return {
    'reports.run': ({ id }) => ask(id, 'run', {}),
    'reports.decide': ({ scheduleId, runId, ...decision }) =>
      ask(scheduleId, `runs/${encodeURIComponent(runId)}/unconfirmed`, decision),
  };
}
