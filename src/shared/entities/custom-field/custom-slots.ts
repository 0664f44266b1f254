// Where values of custom fields lie: places of a fixed type in every record that can have some. What an organization calls
// a place is a record (`customField`); types, merging, rules of fields and storage need nothing of it, so nothing here
// differs from one organization to the next. The places of a definition are not enumerable: whoever goes through the
// fields of an entity meets a custom field only where the organization defined one (`custom-definitions.ts`).

/** Entities whose records can have custom fields. */
export const customizableEntities = ['account', 'contact', 'lead', 'deal', 'activity', 'task'] as const;
export type CustomizableEntity = (typeof customizableEntities)[number];

export function isCustomizable(name: string): name is CustomizableEntity {
  return (customizableEntities as readonly string[]).includes(name);
}

/** Kinds of custom fields in the order a screen offers them. */
export const slotKinds = [
  'text',
  'longText',
  'number',
  'money',
  'percent',
  'date',
  'tick',
  'choice',
  'choices',
  'link',
  'mail',
  'phone',
] as const;
export type SlotKind = (typeof slotKinds)[number];

type SlotType =
  | 'text'
  | 'longText'
  | 'number'
  | 'money'
  | 'percent'
  | 'date'
  | 'boolean'
  | 'select'
  | 'multiSelect'
  | 'url'
  | 'email'
  | 'phone';
type SlotPolicy = 'text3' | 'set';

interface KindOfSlot {
  readonly prefix: string;
  readonly count: number;
  readonly type: SlotType;
  readonly mergePolicy?: SlotPolicy;
}

const kinds: Readonly<Record<SlotKind, KindOfSlot>> = {
  text: { prefix: 'cfText', count: 40, type: 'text' },
  longText: { prefix: 'cfLong', count: 10, type: 'longText', mergePolicy: 'text3' },
  number: { prefix: 'cfNumber', count: 30, type: 'number' },
  money: { prefix: 'cfMoney', count: 10, type: 'money' },
  percent: { prefix: 'cfPercent', count: 10, type: 'percent' },
  date: { prefix: 'cfDate', count: 30, type: 'date' },
  tick: { prefix: 'cfTick', count: 30, type: 'boolean' },
  choice: { prefix: 'cfChoice', count: 40, type: 'select' },
  choices: { prefix: 'cfChoices', count: 15, type: 'multiSelect', mergePolicy: 'set' },
  link: { prefix: 'cfLink', count: 10, type: 'url' },
  mail: { prefix: 'cfMail', count: 10, type: 'email' },
  phone: { prefix: 'cfPhone', count: 10, type: 'phone' },
};

const searched: ReadonlySet<SlotType> = new Set<SlotType>(['text', 'longText', 'url', 'email', 'phone']);

const slots: ReadonlyMap<string, SlotKind> = new Map(
  slotKinds.flatMap((kind) => slotsOfKind(kind).map((slot) => [slot, kind] as const)),
);

const definitionOfKind = new Map(
  slotKinds.map((kind) => {
    const { type } = kinds[kind];
    const isSearched = searched.has(type);
    const definition = { type, label: 'Custom field', isCustom: true, ...(isSearched ? { searchable: true } : {}) };
    return [kind, definition] as const;
  }),
);

/** Names of all places of a kind. */
export function slotsOfKind(kind: SlotKind): readonly string[] {
  const { prefix, count } = kinds[kind];
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

/** Kind of a place; undefined for the name of any other field. */
export function kindOfSlot(name: string): SlotKind | undefined {
  return slots.get(name);
}

export function isCustomSlot(name: string): boolean {
  return slots.has(name);
}

/** Names of all places, whatever entity has them. */
export function allSlots(): Iterable<string> {
  return slots.keys();
}

export function mergePolicyOfSlot(name: string): SlotPolicy | undefined {
  const kind = slots.get(name);
  return kind === undefined ? undefined : kinds[kind].mergePolicy;
}

/** Entities whose records have a currency. */
const withCurrency: ReadonlySet<string> = new Set<CustomizableEntity>(['account', 'lead', 'deal']);

/** Kinds of fields the records of an entity can have. An amount takes the currency of its record. */
export function kindsOf(entity: CustomizableEntity): readonly SlotKind[] {
  return slotKinds.filter((kind) => kind !== 'money' || withCurrency.has(entity));
}

/** The fields with the places of custom ones beside them, which are found by their name and not listed. */
export function withSlots<Fields extends object>(entity: string, fields: Fields): Fields {
  if (!isCustomizable(entity)) return fields;
  const known = new Set(kindsOf(entity));
  const hidden: PropertyDescriptorMap = {};
  for (const [slot, kind] of slots) {
    if (known.has(kind)) hidden[slot] = { value: definitionOfKind.get(kind), enumerable: false };
  }
  return Object.defineProperties({ ...fields }, hidden);
}
