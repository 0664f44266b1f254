// Something that a field could hold, to show on it what a mask makes of it.
import type { EntityDefinition, FieldDefinition, FieldType } from '#shared/entities/define-entity.ts';
import type { Json } from '#shared/kernel/json.ts';

/** Parts of one invented person. */
const named: Readonly<Record<string, string>> = {
  firstName: 'Erika',
  lastName: 'Muster',
  street: 'Hauptstraße 5',
  postalCode: '10115',
  billingStreet: 'Hauptstraße 5',
  billingPostalCode: '10115',
  city: 'Berlin',
  billingCity: 'Berlin',
};
export const SAMPLE_NAME = 'Erika Muster';
export const SAMPLE_ID = '8f3a61c0-27d4-4c1e-9b52-0d6e4f7a1b93';

const ofType: Readonly<Record<FieldType, (field: FieldDefinition) => Json>> = {
  text: () => SAMPLE_NAME,
  longText: () => SAMPLE_NAME,
  email: () => 'erika.muster@example.com',
  phone: () => '+49 30 1234567',
  url: () => 'https://example.com',
  number: () => 1250,
  integer: () => 1250,
  money: () => 4_850_000,
  currency: () => 'EUR',
  percent: () => 45,
  date: () => '1984-03-17',
  dateTime: () => '2026-03-17T09:30:00.000Z',
  boolean: () => true,
  select: (field) => choicesOf(field)[0] ?? SAMPLE_NAME,
  multiSelect: (field) => choicesOf(field).slice(0, 2),
  tags: () => [SAMPLE_NAME],
  reference: () => SAMPLE_ID,
  references: () => [SAMPLE_ID],
  json: () => ({ name: SAMPLE_NAME }),
};

function choicesOf({ options = [] }: FieldDefinition): string[] {
  const offered = options.filter(({ isArchived }) => isArchived !== true);
  return (offered.length === 0 ? options : offered).map(({ value }) => value);
}

export function maskSampleOf({ fields }: Pick<EntityDefinition, 'fields'>, name: string): Json {
  const field = fields[name];
  if (field === undefined) return SAMPLE_NAME;
  return (field.type === 'text' ? named[name] : undefined) ?? ofType[field.type](field);
}
