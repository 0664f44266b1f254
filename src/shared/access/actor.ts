import type { PermissionName } from '#shared/access/permissions.ts';

export const roleNames = ['super_admin', 'org_admin', 'manager', 'sales_rep', 'viewer'] as const;
export type RoleName = (typeof roleNames)[number];

/** What a user reaches beside own records and those of the own teams. */
export interface ActorGrants {
  /** Keys of records the user sees. */
  readonly read: readonly string[];
  /** Keys of records the user also changes. */
  readonly update: readonly string[];
}

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
  /** Keys of territories and shares, expanded by the server for this user; absent: none. */
  readonly grants?: ActorGrants;
  readonly permissions: readonly PermissionName[];
  /** Increases whenever the rights or the scope of this user change. */
  readonly epoch: number;
}
