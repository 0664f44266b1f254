// Defects of territories: who reaches what through them, and when.
import { toTerritoryNode, type TerritoryReach } from '#shared/access/territory-reach.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

function withoutLast({ read, edit }: TerritoryReach): TerritoryReach {
  return { read: read.slice(0, -1), edit: edit.filter((id) => id !== read.at(-1)) };
}

export const territoryDefects: readonly Defect[] = [
  {
    name: 'a-territory-short',
    story: 'Of the territories that somebody reaches, the last one is forgotten.',
    store: inEveryTransaction((transaction) => ({
      bumpEpochs: (bumps, reach) =>
        transaction.bumpEpochs(bumps, new Map([...reach].map(([userId, reached]) => [userId, withoutLast(reached)]))),
    })),
  },
  {
    name: 'reach-not-written',
    story: 'A territory changes, and who reaches it is not written down.',
    store: inEveryTransaction((transaction) => ({ bumpEpochs: (bumps) => transaction.bumpEpochs(bumps, new Map()) })),
  },
  {
    name: 'territory-without-an-epoch',
    story: 'Who reaches a territory changes without a new epoch.',
    store: inEveryTransaction((transaction) => ({
      bumpEpochs(bumps, reach) {
        const users = bumps.users.filter(({ userId }) => !reach.has(userId));
        return transaction.bumpEpochs({ ...bumps, users }, reach);
      },
    })),
  },
  {
    name: 'log-without-territories',
    story: 'A change is not found by the territory its record lies in.',
    store: inEveryTransaction((transaction) => ({
      writeCommit: (rows) =>
        transaction.writeCommit({ ...rows, changeKeys: rows.changeKeys.filter(({ key }) => !key.startsWith('r:')) }),
    })),
  },
  {
    name: 'seeing-is-changing',
    story: 'Whoever sees the records of a territory may change them.',
    store: inEveryTransaction((transaction) => ({
      async readActor(userId) {
        const loaded = await transaction.readActor(userId);
        const grants = loaded?.actor.grants;
        if (loaded === null || grants === undefined) return loaded;
        const seen = grants.read.filter((key) => key.startsWith('r:'));
        return { ...loaded, actor: { ...loaded.actor, grants: { ...grants, update: [...grants.update, ...seen] } } };
      },
    })),
  },
  {
    name: 'members-change-what-they-may-look-at',
    story: 'Members change the records of a territory that lets them look only.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readActor(userId) {
        const loaded = await transaction.readActor(userId);
        const grants = loaded?.actor.grants;
        if (loaded === null || grants === undefined) return loaded;
        const territories = [...tenant.records.values()].filter(({ kind }) => kind === 'territory');
        const own = territories
          .map(({ record }) => toTerritoryNode(record))
          .filter(({ memberIds, membersMayEdit }) => memberIds.includes(userId) && !membersMayEdit);
        const update = [...grants.update, ...own.map(({ id }) => `r:${id}`)];
        return { ...loaded, actor: { ...loaded.actor, grants: { ...grants, update } } };
      },
    })),
  },
];
