// Tiles under a name, with the filters they all have. It holds no numbers: whoever sees it sees figures of the own records.
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { isTile, MOST_TILES } from '#shared/entities/dashboard/tiles.ts';
import { documentSharing, documentSharingPolicies } from '#shared/entities/document-sharing.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';

export const dashboard = defineEntity({
  name: 'dashboard',
  collection: 'reports',
  label: 'Dashboard',
  labelPlural: 'Dashboards',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: { type: 'text', label: 'Name', required: true, maxLength: 120, listed: true },
    tiles: { type: 'json', label: 'Tiles' },
    filters: { type: 'json', label: 'Filter' },
    ...documentSharing,
    ...ownershipFields,
  },
  mergePolicies: { owner: 'manual', name: 'manual', ...documentSharingPolicies },
  validate(record): readonly FieldProblem[] {
    const tiles = record['tiles'] ?? [];
    const isFine = Array.isArray(tiles) && tiles.length <= MOST_TILES && tiles.every(isTile);
    return isFine ? [] : [{ field: 'tiles', code: 'tiles', message: 'A tile of this dashboard cannot be read.' }];
  },
});
export type Dashboard = RecordOf<typeof dashboard>;
