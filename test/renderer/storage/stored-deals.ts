// Deals as the local database holds them, for measurements of the storage beside stock RxDB.
import { createRxDatabase } from 'rxdb';
import type { RxCollection, RxDatabase, RxJsonSchema, RxStorage } from 'rxdb';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';

export type Deal = Record<string, unknown> & { id: string; updatedAt: string };
export type Deals = RxCollection<Deal>;
export type Storage = RxStorage<unknown, unknown>;

const text = (maxLength: number): { type: 'string'; maxLength: number } => ({ type: 'string', maxLength });
const schema: RxJsonSchema<Deal> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: text(36),
    updatedAt: text(24),
    ownerId: text(36),
    stageId: text(36),
    closeDate: text(10),
    amount: { type: 'number', minimum: 0, maximum: 1_000_000_000, multipleOf: 1 },
  },
  required: ['id', 'updatedAt', 'ownerId', 'stageId', 'closeDate', 'amount'],
  indexes: ['updatedAt', ['ownerId', 'updatedAt'], ['stageId', 'closeDate']],
};

function uuid(random: SeededRandom, prefix: string): string {
  const hex = Array.from(random.bytes(12), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${prefix}-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-a${hex.slice(7, 10)}-${hex.slice(10, 22)}`;
}

/** Deals of about 25 fields and 700 bytes of JSON. */
export function makeDeals(count: number): Deal[] {
  const random = createSeededRandom(7);
  const ids = (amount: number): string[] =>
    Array.from({ length: amount }, (_, position) => uuid(random, `0190${position.toString(16).padStart(4, '0')}`));
  const [owners, stages, accounts, contacts] = [ids(40), ids(8), ids(5000), ids(8000)];
  const start = Date.parse('2024-01-01T00:00:00Z');
  return Array.from({ length: count }, (_, position) => {
    const createdAt = new Date(start + position * 500_000 + random.integer(0, 400_000)).toISOString();
    return {
      id: uuid(random, (0x1900_0000 + position).toString(16)),
      entity: 'deal',
      tenantId: owners[0],
      number: position + 1,
      name: `${random.pick(['Renewal', 'Pilot', 'Rollout', 'Upgrade', 'Licences'])} ${random.pick(['north', 'south', 'Müller', 'harbour', 'plant'])} ${position}`,
      accountId: random.pick(accounts),
      contactId: random.pick(contacts),
      ownerId: random.pick(owners),
      teamId: random.pick(stages),
      pipelineId: stages[0],
      stageId: random.pick(stages),
      stageSince: createdAt,
      amount: random.integer(100, 5_000_000),
      currency: 'EUR',
      probability: random.integer(0, 10) * 10,
      closeDate: new Date(start + random.integer(0, 700) * 86_400_000).toISOString().slice(0, 10),
      status: random.pick(['open', 'won', 'lost']),
      source: random.pick(['web', 'fair', 'partner', 'call']),
      priority: random.integer(1, 3),
      nextStep: random.chance(0.3) ? `Call back about offer ${random.integer(1, 9999)}` : null,
      lossReason: null,
      tags: random.chance(0.2) ? ['key'] : [],
      version: random.integer(1, 9),
      createdAt,
      updatedAt: new Date(Date.parse(createdAt) + random.integer(0, 9_000_000_000)).toISOString(),
    };
  });
}

export async function openDatabase(storage: Storage, name: string): Promise<{ database: RxDatabase; deals: Deals }> {
  const database = await createRxDatabase({
    name,
    storage,
    multiInstance: false,
    eventReduce: true,
    closeDuplicates: true,
  });
  const { deals } = await database.addCollections({ deals: { schema } });
  if (!deals) throw new Error('no collection');
  return { database, deals: deals as unknown as Deals };
}
