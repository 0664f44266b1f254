import type { Migration } from '#server/store/migrate.ts';

/**
 * Entries are found by their words from the index. Under row level security no index of words can be used by whoever asks: the operator
 * might tell of rows that are not theirs before the policy has looked at them. So a function of the owner asks, and keeps to the same
 * rule as the policy. One index over both kinds of words: a sentence may have some of each.
 */
export const auditWords: Migration = {
  number: 52,
  name: 'audit words',
  statements: [
    'DROP INDEX audit_words_found',
    'CREATE INDEX audit_words_found ON audit_words USING gin ((words || names))',
    // Planned each time for what is asked: rare words and common ones want other plans.
    `CREATE FUNCTION audit_with_words(asked tsquery, up_to bigint, most int) RETURNS SETOF bigint
     LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $function$
     BEGIN
       RETURN QUERY EXECUTE 'SELECT w.no FROM audit_words w WHERE w.tenant = current_setting(''outpost.tenant'', true)
         AND (w.words || w.names) @@ $1 AND w.no <= $2 LIMIT $3' USING asked, up_to, most;
     END $function$`,
  ],
};
