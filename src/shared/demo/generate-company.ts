// The demo company: invented, complete and repeatable. The same seed and the same instant give the same company, byte for
// byte; every record passes the validation that real records pass. Passwords exist in the answer only.
import { createDemoWorld, DAY_MS, DEMO_CURRENCY, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import { generateCustomFields, withPlans, withServices } from '#shared/demo/generate-custom-fields.ts';
import { generateCustomers } from '#shared/demo/generate-customers.ts';
import { generateDeals } from '#shared/demo/generate-deals.ts';
import { generateForecast } from '#shared/demo/generate-forecast.ts';
import { generateGoals } from '#shared/demo/generate-goals.ts';
import { generatePast } from '#shared/demo/generate-past.ts';
import { generatePeople, type DemoUser } from '#shared/demo/generate-people.ts';
import { generateSnapshots } from '#shared/demo/generate-snapshots.ts';
import { generateActivities, generateTasks, generateViews } from '#shared/demo/generate-work.ts';
import { products } from '#shared/demo/word-lists.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

export const DEMO_SEED = 20_261_121;
export const DEMO_COMPANY_NAME = 'Hafenlicht Systems';

export interface DemoCompany {
  readonly name: string;
  readonly currency: string;
  /** The first five are one of each built-in role: super@, admin@, manager@, rep@, viewer@. */
  readonly users: readonly DemoUser[];
  /** All records, people and catalog first: apart from users and teams, references point backwards. */
  readonly records: readonly AnyRecord[];
}

/** About 60 accounts, 250 contacts, 150 leads, 2,000 deals of 24 months with their history and ninety days of snapshots, 3,000 activities, 400 tasks. */
export function generateDemoCompany(options: { readonly seed: number; readonly nowMs: number }): DemoCompany {
  const world = createDemoWorld(options.seed, options.nowMs);
  const people = generatePeople(world);
  const catalog = generateCatalog(world, people.adminId);
  const customers = generateCustomers(world, people.sellers);
  const deals = generatePast(options, generateDeals(world, customers.accounts, catalog.product));
  return {
    name: DEMO_COMPANY_NAME,
    currency: DEMO_CURRENCY,
    users: people.users,
    records: [
      ...people.records.territory,
      ...people.records.team,
      ...people.records.user,
      ...catalog.pipeline,
      ...catalog.product,
      ...generateCustomFields(world, people.adminId),
      ...withPlans(world, customers.records.account),
      ...customers.records.contact,
      ...customers.records.lead,
      ...withServices(deals.deal),
      ...deals.stageChange,
      ...generateActivities(world, deals.deal, customers.records.lead),
      ...generateTasks(world, people, deals.deal),
      ...generateViews(world, people),
      ...generateForecast(world, people, deals.deal),
      ...generateSnapshots(world.nowMs, deals.standings),
      ...generateGoals(world, people, deals.deal),
    ],
  };
}

function generateCatalog(world: DemoWorld, adminId: string) {
  const entered = { atMs: world.nowMs - 790 * DAY_MS, by: adminId };
  const pipeline = makeRecord('pipeline', DEFAULT_PIPELINE_ID, entered, {
    name: 'Sales',
    stages: defaultStages,
    isDefault: true,
    isActive: true,
    staleAfterDays: 30,
  });
  const records = products.map(([name, family, unitPrice], index) =>
    makeRecord('product', world.createId(), entered, {
      name,
      code: `P-${String(index + 1).padStart(3, '0')}`,
      externalId: `P-${String(index + 1).padStart(3, '0')}`,
      family,
      unitPrice,
      currency: DEMO_CURRENCY,
      unit: family === 'Services' ? 'package' : 'piece',
      isActive: true,
    }),
  );
  return { pipeline: [pipeline], product: records };
}
