// Which entries of the audit concern what has to be looked after: personal data, rights, ways in, and data that leaves. And
// which of them somebody should look at afterwards, whatever policies say.
import { groupOfField } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';

const sensitiveCommands: readonly string[] = [
  'revealField',
  'exportPerson',
  'erasePerson',
  'giveOneTimePassword',
  'changePassword',
  'password.reset',
  'restore',
  'backup',
  'user.handOver',
  'user.deactivate',
  'device.wipe',
];
/** Beginnings of commands, up to the dot. */
const sensitiveNouns: readonly string[] = [
  'apiKey',
  'webhook',
  'integration',
  'factor',
  'support',
  'tenant',
  'audit',
  'ipRule',
];
const sensitiveEntities: readonly string[] = ['role', 'fieldRule', 'piiRule'];
/** Groups of a user that decide what the user may do. */
const rightsOfUser: readonly string[] = ['role', 'roles', 'isActive', 'email'];
const reviewedCommands: readonly string[] = ['erasePerson', 'restore', 'audit.release', 'audit.hold', 'support.grant'];

interface Judged {
  readonly command: string;
  readonly entity: string;
  readonly groups: readonly string[];
}

const piiGroups = new Map<string, ReadonlySet<string>>();

function piiGroupsOf(entity: string): ReadonlySet<string> {
  const known = piiGroups.get(entity);
  if (known !== undefined) return known;
  const definition = entityOf(entity);
  const fields = Object.entries(definition?.fields ?? {}).filter(([, field]) => field.pii === true);
  const groups = new Set(
    definition === undefined
      ? []
      : fields.map(([field]) => groupOfField(definition, field)).concat(fields.map(([field]) => field)),
  );
  piiGroups.set(entity, groups);
  return groups;
}

/** True for what concerns personal data, rights, ways in, or data that leaves. */
export function isSensitiveEntry({ command, entity, groups }: Judged): boolean {
  if (sensitiveCommands.includes(command) || command.endsWith('_exported')) return true;
  const dot = command.indexOf('.');
  if (dot > 0 && sensitiveNouns.includes(command.slice(0, dot))) return true;
  if (sensitiveEntities.includes(entity)) return true;
  if (entity === 'user' && groups.some((group) => rightsOfUser.includes(group))) return true;
  const pii = piiGroupsOf(entity);
  return pii.size > 0 && groups.some((group) => pii.has(group));
}

/** True for what happens rarely and cannot be taken back. */
export function needsReview({ command }: Judged): boolean {
  return reviewedCommands.includes(command);
}
