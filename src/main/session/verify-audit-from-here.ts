// The computer of an administrator as a witness: it keeps the head of the audit that was right when it was verified last, and
// has it looked for the next time. Whoever writes the past of the server anew cannot reach it.
import type { AuditCheck } from '#shared/ipc/audit-channels.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

export async function verifyAuditFromHere(
  profile: ActiveProfile,
  client: Pick<ServerClient, 'verifyAudit'>,
): Promise<AuditCheck> {
  const { account, access } = profile;
  const { auditHead } = profile.state();
  const kept = auditHead === undefined || auditHead.no === 0 ? null : auditHead;
  const anchors = kept === null ? [] : [{ no: kept.no, hash: kept.hash }];
  const found = await access.run((token) => client.verifyAudit(account.serverUrl, token, anchors));
  if (found.finding === null) profile.update({ auditHead: { ...found.head, at: found.verifiedAt } });
  return { ...found, kept: kept === null ? null : { no: kept.no, at: kept.at } };
}
