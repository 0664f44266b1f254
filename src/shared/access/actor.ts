import type { PermissionName } from '#shared/access/permissions.ts';

export const roleNames = ['super_admin', 'org_admin', 'manager', 'sales_rep', 'viewer'] as const;
export type RoleName = (typeof roleNames)[number];

/**
 * Who acts, and with what rights. Built by the server from the session; the client receives it as part of its policy
 * bundle and shows what it may; it is never read from a payload.
 */
export interface Actor {
  readonly tenantId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: RoleName;
  /** Teams the user belongs to or leads, with all their child teams. */
  readonly teamIds: readonly string[];
  readonly permissions: readonly PermissionName[];
  /** Increases whenever the rights or the scope of this user change. */
  readonly epoch: number;
}
