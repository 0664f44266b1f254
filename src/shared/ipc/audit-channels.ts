// The window of the audit.
import { Type } from 'typebox';
import { AuditPolicySchema, type KeptPolicy } from '#shared/audit/policy/audit-policy.ts';
import { channel, nothing, screens, text } from '#shared/ipc/channel.ts';
import {
  type AuditAlerts,
  type AuditExport,
  AuditExportWishSchema,
  type AuditFigures,
  AuditFiguresQuerySchema,
  type AuditLine,
  type AuditPage,
  AuditQuerySchema,
  type AuditVerification,
  ComplianceQuerySchema,
  type ComplianceReport,
  HoldBodySchema,
  type RetentionState,
} from '#shared/sync/audit-messages.ts';

/** The answer of the server, and the head it was compared with. */
export interface AuditCheck extends AuditVerification {
  /** The last head this computer verified before; null the first time. */
  readonly kept: { readonly no: number; readonly at: string } | null;
}

export const auditChannels = {
  /** For administrators; needs the server. */
  'audit.entries': channel<AuditPage>()(AuditQuerySchema, screens),
  /** Also against the head that this computer kept; what is right becomes the head that it keeps. */
  'audit.verify': channel<AuditCheck>()(nothing, screens),
  /** An administrator knows why the kept head is not in the audit any more. */
  'audit.forgetHead': channel<null>()(nothing, screens),
  'audit.figures': channel<AuditFigures>()(AuditFiguresQuerySchema, screens),
  'audit.review': channel<AuditLine>()(
    Type.Object({ no: Type.Integer({ minimum: 1 }), note: text(1000) }, { additionalProperties: false }),
    screens,
  ),
  'audit.policies': channel<readonly KeptPolicy[]>()(nothing, screens),
  /** Without an id it is a new one. */
  'audit.savePolicy': channel<KeptPolicy>()(
    Type.Object({ id: Type.Optional(text(64)), policy: AuditPolicySchema }, { additionalProperties: false }),
    screens,
  ),
  'audit.removePolicy': channel<null>()(Type.Object({ id: text(64) }), screens),
  'audit.alerts': channel<AuditAlerts['alerts']>()(nothing, screens),
  'audit.reports': channel<readonly ComplianceReport[]>()(ComplianceQuerySchema, screens),
  'audit.retention': channel<RetentionState>()(nothing, screens),
  'audit.hold': channel<null>()(HoldBodySchema, screens),
  'audit.release': channel<null>()(Type.Object({ id: text(64) }), screens),
  /** A job of the server; its file is fetched when it is done, by whoever asked for it. */
  'audit.export': channel<AuditExport>()(AuditExportWishSchema, screens),
  'audit.exports': channel<readonly AuditExport[]>()(nothing, screens),
  'audit.exportFile': channel<{ readonly mediaType: string; readonly bytes: Uint8Array }>()(
    Type.Object({ id: text(64) }),
    screens,
  ),
} as const;
