export const permissionNames = ['platform.view_all_tenants'] as const;
export type PermissionName = (typeof permissionNames)[number];
