import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { extraFields, extraPolicies, ownershipFields, sourceOptions } from '#shared/entities/record-fields.ts';

/** A person at an account (CRM-02, CRM-06). An objection against contact always wins a merge. */
export const contact = defineEntity({
  name: 'contact',
  collection: 'contacts',
  label: 'Contact',
  labelPlural: 'Contacts',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: {
      type: 'text',
      label: 'Name',
      group: 'name',
      required: true,
      pii: true,
      searchable: true,
      indexed: true,
      listed: true,
      derivedFrom: ['contact.firstName', 'contact.lastName'],
    },
    firstName: { type: 'text', label: 'First name', group: 'name', pii: true },
    lastName: { type: 'text', label: 'Last name', group: 'name', pii: true },
    salutation: { type: 'text', label: 'Salutation', maxLength: 40 },
    accountId: { type: 'reference', to: 'account', label: 'Account', indexed: true, listed: true },
    jobTitle: { type: 'text', label: 'Job title', searchable: true, listed: true },
    department: { type: 'text', label: 'Department' },
    email: { type: 'email', label: 'E-mail', pii: true, searchable: true, indexed: true, listed: true },
    phone: { type: 'phone', label: 'Phone', pii: true, searchable: true, listed: true },
    mobile: { type: 'phone', label: 'Mobile', pii: true, searchable: true },
    preferredLanguage: { type: 'text', label: 'Preferred language', maxLength: 16 },
    leadSource: { type: 'select', label: 'Source', options: sourceOptions },
    birthday: { type: 'date', label: 'Birthday', pii: true },
    street: { type: 'text', label: 'Street', group: 'address', pii: true },
    postalCode: { type: 'text', label: 'Postal code', group: 'address', pii: true, maxLength: 32 },
    city: { type: 'text', label: 'City', group: 'address' },
    region: { type: 'text', label: 'Region', group: 'address' },
    country: { type: 'text', label: 'Country', group: 'address' },
    doNotCall: { type: 'boolean', label: 'Do not call', pii: true },
    emailOptOut: { type: 'boolean', label: 'No e-mail', pii: true },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, doNotCall: 'restrictive', emailOptOut: 'restrictive', description: 'text3' },
});
export type Contact = RecordOf<typeof contact>;
