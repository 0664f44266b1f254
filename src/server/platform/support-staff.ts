// Who supports organizations: names and addresses, kept by the installation. Being on the list opens nothing.
import { randomUUID } from 'node:crypto';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SupportPerson } from '#shared/platform/platform-messages.ts';
import { foldEmail } from '#server/identity/accounts.ts';
import { noteAtOperator, type By, type PlatformContext } from '#server/platform/platform-context.ts';

interface StaffRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly createdAt: number;
}

const toPerson = ({ createdAt, ...rest }: StaffRow): SupportPerson => ({ ...rest, createdAt: toInstant(createdAt) });

export async function listStaff({ database }: PlatformContext): Promise<SupportPerson[]> {
  const rows = await database.transaction((session) =>
    session.query<StaffRow>(
      'SELECT id, name, email, created_at AS "createdAt" FROM support_staff ORDER BY lower(name), id',
    ),
  );
  return rows.map(toPerson);
}

/** @throws OutpostError `not_found` */
export async function findStaff(context: PlatformContext, id: string): Promise<SupportPerson> {
  const found = (await listStaff(context)).find((person) => person.id === id);
  if (found === undefined) throw new OutpostError('not_found', 'There is nobody like that among the support staff.');
  return found;
}

/** @throws OutpostError `duplicate` */
export async function addStaff(
  context: PlatformContext,
  input: { readonly name: string; readonly email: string },
  by: By,
): Promise<SupportPerson> {
  const { database, clock } = context;
  const email = foldEmail(input.email);
  if ((await listStaff(context)).some((person) => person.email === email))
    throw new OutpostError('duplicate', 'Somebody with this e-mail address is registered already.');
  const id = randomUUID();
  const nowMs = clock.now();
  const name = input.name.trim();
  await database.transaction((session) =>
    session.query('INSERT INTO support_staff (id, name, email, created_at) VALUES ($1, $2, $3, $4)', [
      id,
      name,
      email,
      nowMs,
    ]),
  );
  await noteAtOperator(context, by, id, { command: 'supportStaff.add', detail: { name, email } });
  return { id, name, email, createdAt: toInstant(nowMs) };
}

export async function removeStaff(context: PlatformContext, id: string, by: By): Promise<void> {
  const { name, email } = await findStaff(context, id);
  await context.database.transaction((session) => session.query('DELETE FROM support_staff WHERE id = $1', [id]));
  await noteAtOperator(context, by, id, { command: 'supportStaff.remove', detail: { name, email } });
}
