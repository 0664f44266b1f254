import type { Migration } from '#server/store/migrate.ts';

/**
 * The organization stands in the index as a word of its own (no word of an entry begins like it), so that the index alone finds what
 * is to be looked at. Asked beside it, the primary key was read from end to end for the organization: half of the time of a search.
 * Hence no plain comparison of the columns of the key, only of what comes of them.
 */
export const auditWordsOfTenant: Migration = {
  number: 58,
  name: 'audit words of tenant',
  statements: [
    'DROP INDEX audit_words_found',
    `CREATE INDEX audit_words_found ON audit_words USING gin ((words || names || array_to_tsvector(ARRAY['@' || tenant])))`,
    String.raw`CREATE OR REPLACE FUNCTION audit_with_words(asked tsquery, up_to bigint, most int) RETURNS SETOF bigint
     LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $function$
     DECLARE
       whose text := current_setting('outpost.tenant', true);
       tenant_word tsquery := '''' || replace(replace('@' || whose, '\', '\\'), '''', '''''') || '''';
     BEGIN
       RETURN QUERY EXECUTE 'SELECT w.no FROM audit_words w
         WHERE (w.words || w.names || array_to_tsvector(ARRAY[''@'' || w.tenant])) @@ $1
           AND w.tenant || '''' = $2 AND w.no + 0 <= $3 LIMIT $4' USING tenant_word && asked, whose, up_to, most;
     END $function$`,
  ],
};
