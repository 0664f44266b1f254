import { entityOf } from '#shared/entities/registry.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import type { Names } from '#shared/words/names.ts';

interface Words {
  readonly names: Pick<Names, 'option'>;
  readonly day: (day: string) => string;
  /** In place of the name of a record that is out of the reader's sight. */
  readonly unseen: string;
}

/** What the record of an entry is called. Some kinds have no name of their own, but the column or the month they are about. */
export function titleOfLine({ entity, name, isWithheld }: AuditLine, { names, day, unseen }: Words): string {
  if (name === null) return isWithheld ? unseen : '';
  const definition = entityOf(entity);
  if (definition === undefined) return name;
  const type = definition.fields[definition.titleField]?.type;
  if (type === 'select') return names.option(definition, definition.titleField, name);
  return type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(name) ? day(name) : name;
}
