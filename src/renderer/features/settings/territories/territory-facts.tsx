// A territory as somebody reads it who may not change it: facts instead of controls.
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { nameOf } from '#renderer/features/settings/territories/territory-rows.ts';
import { useUsers } from '#renderer/features/settings/territories/use-territories.ts';
import { Facts } from '#renderer/ui/facts.tsx';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const definition = entities.territory;

export function TerritoryFacts(props: { readonly record: LocalRecord; readonly territories: readonly LocalRecord[] }) {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const people = new Map(useUsers().map((user) => [user.id, textOf(user['name'])]));
  const { record } = props;
  const { managerId, memberIds } = toTerritoryNode(record);
  const parent = props.territories.find(({ id }) => id === record['parentId']);
  const members = memberIds.flatMap((id) => people.get(id) ?? []);
  const said = ['shareWithParent', 'shareWithChildren', 'recursiveSharing', 'rollupMetrics'] as const;
  const holds = said.filter((field) => (field === 'rollupMetrics' ? record[field] !== false : record[field] === true));
  const facts = [
    ['code', textOf(record['code'])],
    ['parentId', parent === undefined ? t('territories.top') : nameOf(parent)],
    ['territoryType', names.option(definition, 'territoryType', textOf(record['territoryType']) || 'geographic')],
    ['managerId', managerId === null ? '' : (people.get(managerId) ?? '')],
    ['memberIds', new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(members)],
    [
      'memberAccess',
      members.length === 0 ? '' : names.option(definition, 'memberAccess', textOf(record['memberAccess']) || 'edit'),
    ],
    ...holds.map((field) => [field, t(`territories.switch.${field}`)] as const),
  ] as const;
  return <Facts facts={facts.map(([field, text]) => ({ name: names.field(definition, field), text }))} />;
}
