// E-mail addresses in a value of a record. In a mail they stand in no field of that kind: they are what its sender wrote.
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

const addressOf = (value: unknown): readonly string[] =>
  typeof value === 'string' && value.includes('@') ? [value] : [];

/** As they were written. */
export function addressesIn(definition: EntityDefinition, field: string, value: unknown): readonly string[] {
  if (!Object.hasOwn(definition.fields, field)) return [];
  if (definition.fields[field]?.type === 'email') return typeof value === 'string' ? [value] : [];
  if (definition.name !== 'mailMessage') return [];
  if (field === 'fromAddress') return addressOf(value);
  if (field !== 'recipients' || !Array.isArray(value)) return [];
  return value.flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'address' in one ? addressOf(one.address) : [],
  );
}
