// Real data as tables of a pivot, from the folder ../shared/data beside the project; null where it is not there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { Row, Types } from './columns-of.ts';

const folder = path.resolve(import.meta.dirname, '../../../shared/data');

export interface RealTable {
  readonly types: Types;
  readonly rows: readonly Row[];
}

export interface GoldenQuery {
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

/** Loud, because a test that was not run proves nothing. */
export function findRealData(what: string): string | null {
  if (existsSync(folder)) return folder;
  console.warn(`\nSKIPPED: ${what}, because there is no folder ../shared/data beside the project.\n`);
  return null;
}

function readCsv(name: string): readonly Readonly<Record<string, string>>[] {
  const content = readFileSync(path.join(folder, name));
  const text = (name.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}

const textOrNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
const numberOrNull = (text: string | undefined): number | null =>
  text === undefined || text === '' ? null : Number(text);

/** The 8,800 deals with what their account, product and salesperson are. */
export function readMavenDeals(): RealTable {
  const by = (file: string, key: string): ReadonlyMap<string | undefined, Readonly<Record<string, string>>> =>
    new Map(readCsv(`maven-crm/${file}`).map((row) => [row[key], row]));
  const [accounts, products, people] = [
    by('accounts.csv', 'account'),
    by('products.csv', 'product'),
    by('sales_teams.csv', 'sales_agent'),
  ];
  const rows = readCsv('maven-crm/sales_pipeline.csv').map((row) => {
    const account = accounts.get(row['account']);
    const product = products.get(row['product'] === 'GTXPro' ? 'GTX Pro' : row['product']);
    const person = people.get(row['sales_agent']);
    return {
      agent: textOrNull(row['sales_agent']),
      product: textOrNull(product?.['product']),
      series: textOrNull(product?.['series']),
      listPrice: numberOrNull(product?.['sales_price']),
      account: textOrNull(row['account']),
      sector: textOrNull(account?.['sector']),
      revenue: numberOrNull(account?.['revenue']),
      founded: numberOrNull(account?.['year_established']),
      stage: textOrNull(row['deal_stage']),
      manager: textOrNull(person?.['manager']),
      region: textOrNull(person?.['regional_office']),
      engageDate: textOrNull(row['engage_date']),
      closeDate: textOrNull(row['close_date']),
      value: numberOrNull(row['close_value']),
    };
  });
  const types: Types = {
    agent: 'text',
    product: 'text',
    series: 'select',
    listPrice: 'money',
    account: 'reference',
    sector: 'select',
    revenue: 'number',
    founded: 'integer',
    stage: 'select',
    manager: 'text',
    region: 'text',
    engageDate: 'date',
    closeDate: 'date',
    value: 'money',
  };
  return { types, rows };
}

/** 62,408 opportunities of a supplier for cars. */
export function readCarOpportunities(): RealTable {
  const rows = readCsv('ibm-win-loss/Sales-Win-Loss.public-buckets2-9.csv.gz').map((row) => ({
    number: textOrNull(row['Opportunity Number']),
    group: textOrNull(row['Supplies Group']),
    region: textOrNull(row['Region']),
    route: textOrNull(row['Route To Market']),
    result: textOrNull(row['Opportunity Result']),
    amount: numberOrNull(row['Opportunity Amount USD']),
  }));
  return {
    types: { number: 'text', group: 'select', region: 'select', route: 'select', result: 'select', amount: 'money' },
    rows,
  };
}

/** 7,399 leads of a school. Sources are compared without case, as the filter language does. */
export function readSchoolLeads(): RealTable {
  const rows = readCsv('x-education-leads/Leads.public-buckets2-9.csv.gz').map((row) => {
    const seconds = Number(row['Total Time Spent on Website']);
    return {
      source: textOrNull(row['Lead Source']?.toLowerCase()),
      seconds,
      converted: row['Converted'] === '1',
    };
  });
  return { types: { source: 'text', seconds: 'integer', converted: 'boolean' }, rows };
}

export function readGolden(): Readonly<Record<string, GoldenQuery>> {
  const text = readFileSync(path.join(folder, 'oracles/pivot-golden.public.json'), 'utf8');
  return (JSON.parse(text) as { readonly queries: Readonly<Record<string, GoldenQuery>> }).queries;
}
