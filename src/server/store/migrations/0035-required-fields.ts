import type { Migration } from '#server/store/migrate.ts';

/** Few, and asked for with every new account, contact, lead and deal: found without walking through the catalog. */
export const requiredFields: Migration = {
  number: 35,
  name: 'required fields',
  statements: [`CREATE INDEX record_custom_fields ON record (tenant, id) WHERE kind = 'customField'`],
};
