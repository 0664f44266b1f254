import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/**
 * Whoever sets up a provider decides who signs in as whom: it takes the right to give any role, which administrators alone
 * have, beside the right to configure.
 */
export function mayConfigureSignIn({ permissions }: Actor): boolean {
  return permissions.includes('org.configure_settings') && permissions.includes('org.assign_roles');
}

/** @throws OutpostError `action_forbidden` */
export function assertMayConfigure(actor: Actor): void {
  if (!mayConfigureSignIn(actor))
    throw new OutpostError('action_forbidden', 'Only an administrator sets up how people sign in.');
}
