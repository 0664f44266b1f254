import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import {
  audienceFields,
  audiencePolicies,
  extraFields,
  extraPolicies,
  industryOptions,
  ownershipFields,
  toOptions,
} from '#shared/entities/record-fields.ts';

/** A company or organization we sell to (CRM-05, CRM-06). */
export const account = defineEntity({
  name: 'account',
  collection: 'accounts',
  label: 'Account',
  labelPlural: 'Accounts',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    accountType: {
      type: 'select',
      label: 'Type',
      listed: true,
      indexed: true,
      options: toOptions({ prospect: 'Prospect', customer: 'Customer', partner: 'Partner', former: 'Former customer' }),
    },
    industry: { type: 'select', label: 'Industry', options: industryOptions, listed: true, indexed: true },
    website: { type: 'url', label: 'Website', searchable: true },
    phone: { type: 'phone', label: 'Phone', searchable: true, listed: true },
    email: { type: 'email', label: 'E-mail', searchable: true },
    annualRevenue: { type: 'money', label: 'Annual revenue', group: 'revenue', listed: true },
    currency: { type: 'currency', label: 'Currency', group: 'revenue' },
    employees: { type: 'integer', label: 'Employees', listed: true },
    yearEstablished: { type: 'integer', label: 'Founded in', isUngrouped: true },
    parentAccountId: { type: 'reference', to: 'account', label: 'Parent account', indexed: true },
    ...audienceFields,
    billingStreet: { type: 'text', label: 'Billing street', group: 'billingAddress' },
    billingPostalCode: { type: 'text', label: 'Billing postal code', group: 'billingAddress', maxLength: 32 },
    billingCity: { type: 'text', label: 'Billing city', group: 'billingAddress', searchable: true, listed: true },
    billingRegion: { type: 'text', label: 'Billing region', group: 'billingAddress' },
    billingCountry: { type: 'text', label: 'Billing country', group: 'billingAddress', listed: true },
    shippingStreet: { type: 'text', label: 'Shipping street', group: 'shippingAddress' },
    shippingPostalCode: { type: 'text', label: 'Shipping postal code', group: 'shippingAddress', maxLength: 32 },
    shippingCity: { type: 'text', label: 'Shipping city', group: 'shippingAddress' },
    shippingRegion: { type: 'text', label: 'Shipping region', group: 'shippingAddress' },
    shippingCountry: { type: 'text', label: 'Shipping country', group: 'shippingAddress' },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, ...audiencePolicies, revenue: 'incoming', description: 'text3' },
  validate(record) {
    const year = record['yearEstablished'];
    if (typeof year === 'number' && (year < 1000 || year > 2200)) {
      return [{ field: 'yearEstablished', code: 'range', message: 'Enter a year between 1000 and 2200.' }];
    }
    const employees = record['employees'];
    if (typeof employees === 'number' && employees < 0) {
      return [{ field: 'employees', code: 'negative', message: 'The number of employees cannot be negative.' }];
    }
    return [];
  },
});
export type Account = RecordOf<typeof account>;
