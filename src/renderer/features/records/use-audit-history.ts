import { useAppSelector } from '#renderer/app/store/store.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

/** The way from a record to everything the audit says of it, for whoever may read the audit. */
export function useAuditHistory(
  entity: EntityName,
  id: string,
): { readonly mayRead: boolean; readonly open: () => void } {
  const mayRead = useAppSelector(
    ({ device: { session } }) =>
      session?.status === 'signedIn' && session.actor.permissions.includes('org.view_audit_logs'),
  );
  return {
    mayRead,
    open() {
      const asked = new URLSearchParams({ entity, id, view: 'timeline' });
      void invokeMain(getBridge(), 'window.openAudit', { path: `/audit/entries?${asked.toString()}` });
    },
  };
}
