// A list of sales people with their managers and offices is more than one kind of record: it becomes territories (offices),
// users (managers and sales people) and teams (one per manager), in the order in which they refer to each other. People
// come without rights: they can sign in only after an administrator invited them.
import type { ColumnPlan, ImportResult, ImportRow, ImportTable, RowError } from '#shared/import/import-plan.ts';
import { normaliseName } from '#shared/import/map-values.ts';
import { isEmpty } from '#shared/import/parse-table.ts';
import type { ReferenceIndex } from '#shared/import/reference-index.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { CreateId } from '#shared/kernel/ids.ts';

interface Options {
  readonly references: ReferenceIndex;
  readonly createId: CreateId;
}

/**
 * True for a list of sales people by name alone: `buildSalesTeams` makes offices, managers and teams of it. A list with
 * addresses is one of people who are to sign in, and names teams and managers that have to be there.
 */
export function isSalesTeamPlan(columns: readonly ColumnPlan[]): boolean {
  const has = (field: string): boolean => columns.some((column) => column.field === field);
  return has('name') && has('managerId') && !has('email');
}

/** Records of a file of sales people. Columns: `name`, `managerId` (a name), optional `territoryId` (a name). */
export function buildSalesTeams(table: ImportTable, columns: readonly ColumnPlan[], options: Options): ImportResult {
  const made = new Map<string, ImportRow>();
  const errors: RowError[] = [];
  const at = (field: string) => columns.findIndex((column) => column.field === field);
  const positions = { name: at('name'), manager: at('managerId'), office: at('territoryId') };
  const people: ImportRow[] = [];
  for (const [index, cells] of table.rows.entries()) {
    if (isEmpty(cells)) continue;
    const row = table.firstRowNumber + index;
    const [name, manager, office] = [positions.name, positions.manager, positions.office].map(
      (column) => cells[column] ?? '',
    );
    if (name === undefined || name === '') {
      errors.push({ row, field: 'name', code: 'required', message: 'The name is missing.', value: '' });
      continue;
    }
    const territoryId = ensure(options, made, row, 'territory', office ?? '', {});
    const managerId = ensure(options, made, row, 'user', manager ?? '', {
      role: 'manager',
      email: placeholderEmail(manager ?? ''),
      territoryId,
    });
    const teamId =
      managerId === null
        ? null
        : ensure(options, made, row, 'team', `Team ${manager ?? ''}`, { leadId: managerId, territoryId });
    const values = {
      name,
      role: 'sales_rep',
      email: placeholderEmail(name),
      managerId,
      teamId,
      territoryId,
    };
    const known = options.references.find('user', name);
    const person = {
      row,
      entity: 'user',
      action: known.found ? 'merge' : 'create',
      id: known.found ? known.id : options.createId(),
      values: filled(values),
    } as const;
    if (!known.found) options.references.add({ entity: 'user', id: person.id, title: name, keys: [] });
    people.push(person);
  }
  const order: readonly EntityName[] = ['territory', 'user', 'team'];
  const rows = order.flatMap((entity) => [...made.values()].filter((row) => row.entity === entity));
  return {
    rows: [...rows, ...people],
    errors,
    failedRows: new Set(errors.map((error) => error.row)).size,
    corrections: [],
  };
}

/** Id of the record with that name; made once when there is none. Null for an empty name. */
function ensure(
  options: Options,
  made: Map<string, ImportRow>,
  row: number,
  entity: EntityName,
  name: string,
  values: Readonly<Record<string, unknown>>,
): string | null {
  if (name.trim() === '') return null;
  const key = `${entity}/${normaliseName(name)}`;
  const before = made.get(key);
  if (before !== undefined) return before.id;
  const known = options.references.find(entity, name);
  if (known.found) return known.id;
  const id = options.createId();
  made.set(key, { row, entity, action: 'create', id, values: filled({ name, ...values }), isBeside: true });
  options.references.add({ entity, id, title: name, keys: [] });
  return id;
}

function filled(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''));
}

/** An address that cannot exist (RFC 2606), until somebody enters the real one. */
function placeholderEmail(name: string): string {
  const local = name
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '.')
    .replaceAll(/^\.|\.$/g, '');
  return `${local === '' ? 'unknown' : local}@not-entered.invalid`;
}
