// Users for programs: the directory as the caller sees it, and changes by the commands the screens give, so that the same rules
// decide over both.
import { resolveRole } from '#shared/access/roles.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { runForProgram } from '#server/sync/run-command.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';

type Values = Readonly<Record<string, unknown>>;

export interface ProgramUsers {
  list(principal: Principal): Promise<AnyRecord[]>;
  /** @throws OutpostError `not_found`: there is none, or none for this caller. */
  find(principal: Principal, id: string): Promise<AnyRecord>;
  /** @throws OutpostError with the code of the refusal; `invalid` carries the fields that are wrong. */
  create(principal: Principal, values: Values): Promise<AnyRecord>;
  change(principal: Principal, id: string, values: Values): Promise<AnyRecord>;
  remove(principal: Principal, id: string): Promise<void>;
}

/** Whoever manages users, by any of the names for it. */
const managing = ['org.manage_users', 'record.manage_users', 'user.create', 'user.update', 'user.delete'] as const;

/** @throws OutpostError `action_forbidden` for who manages no users. */
export function assertManagesUsers({ actor }: Principal): void {
  if (managing.some((name) => actor.permissions.includes(name))) return;
  throw new OutpostError('action_forbidden', 'Only an administrator manages users.');
}

/** A role by any of its older names. */
function withRole(values: Values): Values {
  const { role } = values;
  const known = typeof role === 'string' ? resolveRole(role) : undefined;
  return known === undefined ? values : { ...values, role: known };
}

export function createProgramUsers(deps: SyncDependencies): ProgramUsers {
  const read = ({ actor }: Principal) =>
    readVisibleSource(deps, actor, new Set(['user', 'team', 'role', 'territory', 'organization']));

  async function find(principal: Principal, id: string): Promise<AnyRecord> {
    const user = (await read(principal)).get('user', id);
    if (user === undefined) throw new OutpostError('not_found', 'There is no such user.');
    return user;
  }

  async function run(principal: Principal, command: string, input: Values): Promise<string> {
    return (await runForProgram(deps, principal, await read(principal), command, { entity: 'user', ...input })) ?? '';
  }

  return {
    find,
    list: async (principal) => [...(await read(principal)).all('user').values()],
    async create(principal, values) {
      return find(principal, await run(principal, 'createRecord', { values: withRole(values) }));
    },
    async change(principal, id, values) {
      await find(principal, id);
      await run(principal, 'updateRecord', { id, values: withRole(values) });
      return find(principal, id);
    },
    async remove(principal, id) {
      await find(principal, id);
      await run(principal, 'deleteRecord', { id });
    },
  };
}
