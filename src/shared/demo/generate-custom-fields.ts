// What the demo company defined itself: a support plan and the end of the contract of accounts, and what deals bring along.
// Values follow from the place of a record in its list, so that nothing else of the company depends on them.
import { DAY_MS, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import { customFieldId } from '#shared/entities/custom-field/custom-field.ts';
import type { CustomizableEntity } from '#shared/entities/custom-field/custom-slots.ts';
import { nextOptions } from '#shared/entities/custom-field/next-options.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { addDays } from '#shared/kernel/calendar.ts';

const PLAN = 'cfChoice01';
const CONTRACT_END = 'cfDate01';
const SERVICES = 'cfChoices01';
const TENDER = 'cfTick01';

const plans = nextOptions(
  [],
  ['Premium', 'Business', 'Basic'].map((label) => ({ label })),
);
const services = nextOptions(
  [],
  ['Installation', 'Training', 'Maintenance', 'Data migration'].map((label) => ({ label })),
);
const DAYS_OF_CONTRACTS = 700;

export function generateCustomFields(world: DemoWorld, adminId: string): readonly AnyRecord[] {
  const define = (entity: CustomizableEntity, slot: string, values: Readonly<Record<string, unknown>>): AnyRecord =>
    makeRecord(
      'customField',
      customFieldId(entity, slot),
      { atMs: world.nowMs - 700 * DAY_MS, by: adminId },
      {
        entity,
        slot,
        ...values,
      },
    );
  return [
    define('account', PLAN, { label: 'Support plan', options: plans, isListed: true, section: 'Service', place: 1 }),
    define('account', CONTRACT_END, {
      label: 'Contract ends',
      help: 'The last day of the present service contract.',
      section: 'Service',
      place: 2,
    }),
    define('deal', SERVICES, { label: 'Services', options: services, place: 1 }),
    define('deal', TENDER, { label: 'Public tender', help: 'Won or lost by a formal procedure.', place: 2 }),
  ];
}

/** The accounts with a plan and the end of its contract; a few have none. */
export function withPlans(world: DemoWorld, accounts: readonly AnyRecord[]): readonly AnyRecord[] {
  return accounts.map((account, index) => {
    const plan = plans[index % (plans.length + 1)];
    if (plan === undefined) return account;
    return { ...account, [PLAN]: plan.value, [CONTRACT_END]: addDays(world.today, (index * 53) % DAYS_OF_CONTRACTS) };
  });
}

/** The deals with the services they bring along; every ninth is a tender. */
export function withServices(deals: readonly AnyRecord[]): readonly AnyRecord[] {
  return deals.map((deal, index) => {
    const first = services[index % (services.length + 2)];
    const second = services[(index * 3 + 1) % (services.length + 4)];
    const chosen = [...new Set([first, second].flatMap((option) => (option === undefined ? [] : [option.value])))];
    return {
      ...deal,
      ...(chosen.length === 0 ? {} : { [SERVICES]: chosen }),
      ...(index % 9 === 0 ? { [TENDER]: true } : {}),
    };
  });
}
