import {
  DAY_MS,
  DEMO_CURRENCY,
  drawPhone,
  drawSkewed,
  makeRecord,
  toSlug,
  type DemoWorld,
} from '#shared/demo/demo-world.ts';
import { drawNames, type DemoSeller } from '#shared/demo/generate-people.ts';
import { cities, companyForms, companyStems, jobTitles, streets } from '#shared/demo/word-lists.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { sourceOptions } from '#shared/entities/record-fields.ts';

const ACCOUNTS = 60;
const CONTACTS = 250;
const LEADS = 150;
const SOURCES = sourceOptions.map((option) => option.value);

export interface DemoAccount {
  readonly record: AnyRecord;
  readonly seller: DemoSeller;
  readonly contactIds: readonly string[];
  /** How much this account buys compared to the others. */
  readonly size: number;
}

export interface DemoCustomers {
  readonly accounts: readonly DemoAccount[];
  readonly records: {
    readonly account: readonly AnyRecord[];
    readonly contact: readonly AnyRecord[];
    readonly lead: readonly AnyRecord[];
  };
}

export function generateCustomers(world: DemoWorld, sellers: readonly DemoSeller[]): DemoCustomers {
  const names = drawNames(world, CONTACTS + LEADS);
  const contacts: AnyRecord[] = [];
  const accounts = Array.from({ length: ACCOUNTS }, (_, index): DemoAccount => {
    const seller = sellers[index % sellers.length];
    if (seller === undefined) throw new RangeError('a demo company needs sellers');
    const size = drawSkewed(world.random, 1, 0.7);
    const record = generateAccount(world, seller, size, index);
    const own = names.slice(Math.floor((index * CONTACTS) / ACCOUNTS), Math.floor(((index + 1) * CONTACTS) / ACCOUNTS));
    const people = own.map((name) => generateContact(world, seller, record, name));
    contacts.push(...people);
    return { record, seller, contactIds: people.map((person) => person.id), size };
  });
  const leads = names.slice(CONTACTS).map((name, index) => generateLead(world, sellers, name, index));
  return { accounts, records: { account: accounts.map((item) => item.record), contact: contacts, lead: leads } };
}

function generateAccount(world: DemoWorld, seller: DemoSeller, size: number, index: number): AnyRecord {
  const { random } = world;
  const industry = random.pick(Object.keys(companyForms));
  const stem = companyStems[index % companyStems.length] ?? 'Company';
  const name = `${stem} ${random.pick(companyForms[industry] ?? ['Group'])}`;
  const [city, country, postalCode] = random.pick(cities);
  return makeRecord(
    'account',
    world.createId(),
    { atMs: world.nowMs - random.integer(735, 1100) * DAY_MS, by: seller.id },
    {
      name,
      accountType: random.chance(0.7) ? 'customer' : random.chance(0.8) ? 'prospect' : 'partner',
      industry,
      website: `https://www.${toSlug(stem)}.example`,
      phone: drawPhone(random),
      annualRevenue: Math.round(drawSkewed(random, 40 * size, 0.8)) * 1_000_000_00,
      currency: DEMO_CURRENCY,
      employees: Math.max(8, Math.round(drawSkewed(random, 220 * size, 0.8))),
      yearEstablished: random.integer(1921, 2018),
      territoryId: seller.territoryId,
      billingStreet: `${random.pick(streets)} ${String(random.integer(1, 140))}`,
      billingPostalCode: postalCode,
      billingCity: city,
      billingCountry: country,
      tags: random.chance(0.3) ? [random.pick(['key-account', 'reference', 'tender', 'service-heavy'])] : undefined,
      externalId: `ACC-${String(1001 + index)}`,
      ownerId: seller.id,
      teamId: seller.teamId,
    },
  );
}

function generateContact(world: DemoWorld, seller: DemoSeller, account: AnyRecord, name: string): AnyRecord {
  const { random } = world;
  const [firstName = '', ...rest] = name.split(' ');
  const domain = `${toSlug(String(account['name']).split(' ')[0] ?? 'company')}.example`;
  return makeRecord(
    'contact',
    world.createId(),
    { atMs: world.nowMs - random.integer(60, 730) * DAY_MS, by: seller.id },
    {
      name,
      firstName,
      lastName: rest.join(' '),
      accountId: account.id,
      jobTitle: random.pick(jobTitles),
      email: `${toSlug(name).replaceAll('-', '.')}@${domain}`,
      phone: drawPhone(random),
      mobile: random.chance(0.4) ? drawPhone(random) : undefined,
      leadSource: random.pick(SOURCES),
      city: account['billingCity'],
      country: account['billingCountry'],
      doNotCall: random.chance(0.04) ? true : undefined,
      emailOptOut: random.chance(0.07) ? true : undefined,
      ownerId: seller.id,
      teamId: seller.teamId,
    },
  );
}

function generateLead(world: DemoWorld, sellers: readonly DemoSeller[], name: string, index: number): AnyRecord {
  const { random } = world;
  const seller = random.pick(sellers);
  const [firstName = '', ...rest] = name.split(' ');
  const industry = random.pick(Object.keys(companyForms));
  const company = `${random.pick(companyStems)} ${random.pick(companyForms[industry] ?? ['Group'])}`;
  const [city, country] = random.pick(cities);
  const statuses = ['new', 'new', 'contacted', 'contacted', 'qualified', 'unqualified'];
  return makeRecord(
    'lead',
    world.createId(),
    { atMs: world.nowMs - random.integer(0, 120) * DAY_MS, by: seller.id },
    {
      name,
      firstName,
      lastName: rest.join(' '),
      company,
      jobTitle: random.pick(jobTitles),
      email: `${toSlug(name).replaceAll('-', '.')}@${toSlug(company)}.example`,
      phone: drawPhone(random),
      industry,
      city,
      country,
      status: random.pick(statuses),
      leadSource: random.pick(SOURCES),
      score: random.integer(12, 96),
      budget: random.chance(0.6) ? random.integer(4, 120) * 1_000_00 : undefined,
      currency: DEMO_CURRENCY,
      employees: random.integer(10, 900),
      externalId: `LEAD-${String(5001 + index)}`,
      ownerId: seller.id,
      teamId: seller.teamId,
    },
  );
}
