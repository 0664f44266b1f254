// What sort of thing a command is, so that statistics, policies and questions need not know every command: something came,
// was read, changed, went, came back, left; somebody got in; the system was worked on.

export const auditEffects = [
  'create',
  'read',
  'update',
  'delete',
  'restore',
  'export',
  'access',
  'configure',
  'operate',
] as const;
export type AuditEffect = (typeof auditEffects)[number];

const known: Readonly<Record<string, AuditEffect>> = {
  revealField: 'read',
  readFile: 'read',
  writeFile: 'create',
  exportPerson: 'export',
  erasePerson: 'delete',
  signIn: 'access',
  signOut: 'access',
  endSession: 'access',
  changePassword: 'access',
  giveOneTimePassword: 'access',
  setOrganizationSettings: 'configure',
  restore: 'operate',
  backup: 'operate',
  announceMaintenance: 'operate',
  cancelMaintenance: 'operate',
};

const ofNoun: Readonly<Record<string, AuditEffect>> = {
  session: 'access',
  signInAttempt: 'access',
  recoveryCodes: 'access',
  identity: 'access',
  domain: 'configure',
  token: 'access',
  password: 'access',
  factor: 'access',
  device: 'access',
  support: 'access',
  job: 'operate',
  integration: 'configure',
  apiKey: 'configure',
  webhook: 'configure',
  ipRule: 'configure',
  tenant: 'configure',
  settings: 'configure',
  audit: 'configure',
};

const ofVerb: Readonly<Record<string, AuditEffect>> = {
  create: 'create',
  add: 'create',
  invite: 'create',
  remove: 'delete',
  delete: 'delete',
  read: 'read',
  export: 'export',
};

/** The sort of a command that is not an operation of a device. */
export function effectOf(command: string): AuditEffect {
  if (Object.hasOwn(known, command)) return known[command] ?? 'update';
  if (command.endsWith('_exported')) return 'export';
  const dot = command.indexOf('.');
  const [noun, verb] = [command.slice(0, Math.max(0, dot)), command.slice(dot + 1)];
  if (verb === 'export') return 'export';
  if (Object.hasOwn(ofNoun, noun)) return ofNoun[noun] ?? 'update';
  return (dot > 0 && Object.hasOwn(ofVerb, verb) ? ofVerb[verb] : undefined) ?? 'update';
}

/** The sort of an operation of a device, by its kind. The record of an export tells that data left. */
export function effectOfKind(command: string, kind: 'create' | 'patch' | 'delete' | 'restore' | 'void'): AuditEffect {
  if (command.endsWith('_exported')) return 'export';
  return kind === 'patch' || kind === 'void' ? 'update' : kind;
}
