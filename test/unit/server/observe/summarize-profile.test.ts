import type { Profiler } from 'node:inspector';
import { describe, expect, it } from 'vitest';
import { placeOf, summarizeProfile, withoutFolders } from '#server/observe/summarize-profile.ts';

function nodeOf(id: number, functionName: string, url = '', lineNumber = 0): Profiler.ProfileNode {
  return { id, callFrame: { functionName, scriptId: '1', url, lineNumber, columnNumber: 0 } };
}

const profile: Profiler.Profile = {
  nodes: [
    nodeOf(1, '(root)'),
    nodeOf(2, '(idle)'),
    nodeOf(3, '(garbage collector)'),
    nodeOf(4, 'judge', 'file:///home/somebody/outpost/src/server/sync/judge-batch.ts', 11),
    nodeOf(5, '', 'file:///home/somebody/outpost/node_modules/pg/lib/client.js?x=1', 4),
    nodeOf(6, 'judge', 'file:///home/somebody/outpost/src/server/sync/judge-batch.ts', 11),
    nodeOf(7, 'post', 'node:inspector', 114),
  ],
  startTime: 0,
  endTime: 12_000,
  samples: [7, 2, 3, 4, 6, 5, 2],
  timeDeltas: [2_000, 4_000, 500, 1_000, 2_000, 1_500, 1_000],
};

describe('a CPU profile', () => {
  it('OBS-09 is told as shares of the time without the measuring, and by function with what it took itself, from wherever', () => {
    expect(summarizeProfile(profile)).toEqual({
      busy: 0.5,
      collecting: 0.05,
      functions: [
        { name: 'judge', place: 'sync/judge-batch.ts:12', selfMs: 3, share: 0.3 },
        { name: '(anonymous)', place: 'pg/lib/client.js:5', selfMs: 1.5, share: 0.15 },
        { name: '(garbage collector)', place: '', selfMs: 0.5, share: 0.05 },
      ],
    });
  });

  it('OBS-09 of nothing says nothing', () => {
    const empty = { nodes: [nodeOf(1, '(root)')], startTime: 0, endTime: 0 };
    expect(summarizeProfile(empty)).toEqual({ busy: 0, collecting: 0, functions: [] });
  });

  it('OBS-09 names no folder of the machine', () => {
    expect(JSON.stringify(withoutFolders(profile))).not.toContain('somebody');
    expect(placeOf('C:\\Users\\somebody\\outpost\\out\\server\\cli.mjs')).toBe(
      'C:\\Users\\somebody\\outpost\\out\\server\\cli.mjs',
    );
    expect(placeOf('node:zlib')).toBe('node:zlib');
  });
});
