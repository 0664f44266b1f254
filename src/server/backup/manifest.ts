// What lies in a backup directory: `manifest.json` and `segments/`. The manifest names every segment with its hash and is
// authenticated with the main key; a segment is NDJSON (one row a line), compressed, sealed with its organization's key.
// Version 1. A program refuses versions it does not know.
import { Type, type Static } from 'typebox';
import { AuditAnchorSchema } from '#shared/sync/audit-messages.ts';

export const BACKUP_FORMAT = 'outpost-backup';
export const BACKUP_VERSION = 1;
export const MANIFEST_FILE = 'manifest.json';
export const SEGMENT_FOLDER = 'segments';
/** Name of the key of what belongs to no organization. */
export const INSTALLATION = '*';

const SegmentSchema = Type.Object({
  file: Type.String({ pattern: '^[0-9]{6}$' }),
  table: Type.String(),
  tenantId: Type.Union([Type.String(), Type.Null()]),
  rows: Type.Integer({ minimum: 1 }),
  bytes: Type.Integer({ minimum: 1 }),
  sha256: Type.String(),
});
export type Segment = Static<typeof SegmentSchema>;

export const ManifestSchema = Type.Object({
  format: Type.Literal(BACKUP_FORMAT),
  version: Type.Integer(),
  createdAt: Type.String(),
  product: Type.String(),
  schema: Type.Object({ number: Type.Integer(), hash: Type.String() }),
  tables: Type.Array(Type.Object({ name: Type.String(), columns: Type.Array(Type.String()) })),
  tenants: Type.Array(
    Type.Object({
      tenantId: Type.String(),
      incarnation: Type.String(),
      seq: Type.Integer(),
      /** Not in backups of releases without a chained audit. */
      audit: Type.Optional(AuditAnchorSchema),
    }),
  ),
  key: Type.Object({
    from: Type.Union([Type.Literal('keyFile'), Type.Literal('passphrase')]),
    salt: Type.String(),
    check: Type.String(),
  }),
  /** Data keys, wrapped, by organization. */
  wrappedKeys: Type.Record(Type.String(), Type.String()),
  segments: Type.Array(SegmentSchema),
  mac: Type.String(),
});
export type Manifest = Static<typeof ManifestSchema>;

/** What the authentication code is made of. */
export function unsigned(manifest: Omit<Manifest, 'mac'>): string {
  const { format, version, createdAt, product, schema, tables, tenants, key, wrappedKeys, segments } = manifest;
  return JSON.stringify([format, version, createdAt, product, schema, tables, tenants, key, wrappedKeys, segments]);
}

export function segmentContext({ file, table, tenantId }: Pick<Segment, 'file' | 'table' | 'tenantId'>): string {
  return JSON.stringify([BACKUP_FORMAT, BACKUP_VERSION, file, table, tenantId]);
}
