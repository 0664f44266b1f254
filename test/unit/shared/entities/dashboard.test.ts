import { describe, expect, test } from 'vitest';
import { overlaps } from '#shared/analytics/dashboard-layout.ts';
import { metricCatalogue } from '#shared/analytics/metrics/metric-catalogue.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { builtInDashboards, firstBuiltInOf } from '#shared/entities/dashboard/built-in-dashboards.ts';
import { isTile, tilesOf } from '#shared/entities/dashboard/tiles.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

describe('dashboards', () => {
  test('TSK-06 every built-in dashboard has tiles that can be read and lie beside each other', () => {
    for (const { id, tiles } of builtInDashboards) {
      expect(tiles.every(isTile), id).toBe(true);
      expect(new Set(tiles.map((tile) => tile.id)).size).toBe(tiles.length);
      for (const [index, tile] of tiles.entries()) {
        for (const other of tiles.slice(index + 1)) expect(overlaps(tile, other), id).toBe(false);
        // What only some roles may see is not on the dashboard of everybody.
        if (id === 'rep' && 'metric' in tile) expect(metricCatalogue[tile.metric].right).toBeUndefined();
      }
    }
  });

  test('TSK-07 the first dashboard fits the role', () => {
    const firstOf = (role: 'org_admin' | 'manager' | 'sales_rep' | 'viewer') =>
      firstBuiltInOf({ role, permissions: permissionsOf(role) });
    expect([firstOf('org_admin'), firstOf('manager'), firstOf('sales_rep'), firstOf('viewer')]).toEqual([
      'executive',
      'manager',
      'rep',
      'pipeline',
    ]);
    expect(firstBuiltInOf({ role: 'a-custom-role', permissions: ['team.view_performance'] })).toBe('manager');
  });

  test('TSK-06 a tile that cannot be read is refused when it is saved, and left out when it was', async () => {
    const world = createCommandWorld(createActor('sales_rep', 'user-1'));
    const number = { id: 'a', kind: 'number', metric: 'wonValue', x: 0, y: 0, w: 3, h: 2 };
    const values = { name: 'Mine', tiles: [number] };
    const { recordId } = await world.run('createRecord', { entity: 'dashboard', values });
    expect(world.get('dashboard', recordId ?? '')).toMatchObject({ name: 'Mine', sharing: 'private' });
    const wrong = [
      { ...number, w: 13 },
      { ...number, x: 11 },
      { ...number, metric: 'toString' },
      { ...number, kind: 'video' },
      { ...number, kind: 'chart' },
      { ...number, id: '' },
      null,
    ];
    for (const tile of wrong) {
      const refusal = await world.refuse('createRecord', { entity: 'dashboard', values: { ...values, tiles: [tile] } });
      expect(refusal.code).toBe('invalid');
    }
    expect(tilesOf([...wrong, number])).toEqual([number]);
    expect(tilesOf('nothing')).toEqual([]);
  });
});
