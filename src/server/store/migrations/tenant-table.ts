/** The role of the running server. It owns nothing and cannot go around row level security. */
export const APPLICATION_ROLE = 'outpost_app';

/** Row level security for a table with a `tenant` column: without the setting there are no rows, and none can be written. */
export function protectByTenant(table: string): readonly string[] {
  const rule = `tenant = (SELECT current_setting('outpost.tenant', true))`;
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY ${table}_of_tenant ON ${table} USING (${rule}) WITH CHECK (${rule})`,
  ];
}
