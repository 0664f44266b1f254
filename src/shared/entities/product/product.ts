import { defineEntity, type RecordOf } from '#shared/entities/define-entity.ts';
import { extraFields, extraPolicies, ownershipFields } from '#shared/entities/record-fields.ts';

/** Something that can be sold (CRM-17). */
export const product = defineEntity({
  name: 'product',
  collection: 'catalog',
  label: 'Product',
  labelPlural: 'Products',
  titleField: 'name',
  audience: 'tenant',
  fields: {
    name: { type: 'text', label: 'Name', required: true, searchable: true, indexed: true, listed: true },
    code: { type: 'text', label: 'Code', maxLength: 64, searchable: true, listed: true },
    family: { type: 'text', label: 'Product family', indexed: true, listed: true },
    unitPrice: { type: 'money', label: 'Price', group: 'price', listed: true },
    currency: { type: 'currency', label: 'Currency', group: 'price' },
    unit: { type: 'text', label: 'Unit', maxLength: 40 },
    isActive: { type: 'boolean', label: 'On sale', defaultValue: true, listed: true },
    description: { type: 'longText', label: 'Description' },
    ...ownershipFields,
    ...extraFields,
  },
  mergePolicies: { ...extraPolicies, price: 'manual', isActive: 'current', description: 'text3' },
  validate(record) {
    const price = record['unitPrice'];
    if (typeof price === 'number' && price < 0) {
      return [{ field: 'unitPrice', code: 'negative', message: 'The price cannot be negative.' }];
    }
    return [];
  },
});
export type Product = RecordOf<typeof product>;
