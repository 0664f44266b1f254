import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { PermissionName } from '#shared/access/permissions.ts';
import type { ScopeTable } from '#shared/access/role-shape.ts';

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
 * Who acts, and with what rights. Built by the server from the session; the client receives it as its policy bundle and
 * shows what it may; it is never read from a payload. It holds this user's own effective rights and nothing about
 * anybody else's.
 */
export interface Actor {
  readonly tenantId: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  /** A built-in role, or the id of a custom one. */
  readonly role: string;
  /** What the organization calls a custom role; absent for a built-in one, whose name every screen can translate. */
  readonly roleName?: string;
  /** Reach of a custom role; absent for a built-in one, whose table everybody has. */
  readonly scopes?: ScopeTable;
  /** Fields this user sees otherwise than the record allows; absent when no rule restricts anything. */
  readonly fields?: FieldPolicy;
  /** Teams the user belongs to or leads, with all their child teams. */
  readonly teamIds: readonly string[];
  /** Keys of territories and shares, expanded by the server for this user; absent: none. */
  readonly grants?: ActorGrants;
  readonly permissions: readonly PermissionName[];
  /** An API key of an administrator: what it reaches it reaches wholly, as its owner does. */
  readonly standsForAdministrator?: true;
  /** Increases whenever the rights or the scope of this user change. */
  readonly epoch: number;
}
