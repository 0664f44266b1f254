import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export function mayManageWebhooks(actor: Actor): boolean {
  return actor.permissions.includes('org.manage_integrations');
}

/** @throws OutpostError `action_forbidden` */
export function assertMayManageWebhooks(actor: Actor): void {
  if (!mayManageWebhooks(actor)) throw new OutpostError('action_forbidden', 'Only administrators manage webhooks.');
}

/** What a secret is sealed for. */
export function secretContext(tenantId: string, webhookId: string): string {
  return `webhook ${tenantId} ${webhookId}`;
}
