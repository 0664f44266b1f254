// Settings › Territories: the tree on the left, the chosen territory on the right. Everybody may look; administrators change.
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { Button } from '@mantine/core';
import { IconMap2, IconPlus, IconWand } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CreateRecordDialog } from '#renderer/blocks/create-record-dialog.tsx';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useTypedWorkGuard } from '#renderer/blocks/typed-forms.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { ApplyRulesDialog } from '#renderer/features/settings/territories/apply-rules-dialog.tsx';
import { TerritoryDetails } from '#renderer/features/settings/territories/territory-details.tsx';
import { nameOf, toRows } from '#renderer/features/settings/territories/territory-rows.ts';
import { TerritoryTreeView } from '#renderer/features/settings/territories/territory-tree.tsx';
import { useCounts, useTerritories } from '#renderer/features/settings/territories/use-territories.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './territories.module.css';

export function TerritoriesSection() {
  const { t } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const askRights = useRightsGate();
  const isTypedWorkInTheWay = useTypedWorkGuard();
  const territories = useTerritories();
  const known = useMemo(() => territories ?? [], [territories]);
  const { accounts, counted } = useCounts(known);
  const [selectedId, setSelected] = useState<string | null>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'none' | 'create' | 'rules'>('none');
  const rows = useMemo(() => toRows(known, closed), [known, closed]);
  const mayCreate = can('create', entities.territory);
  const selected = known.find(({ id }) => id === selectedId) ?? rows[0]?.record;
  const hasRules = known.some((record) => (record['ruleFilter'] ?? null) !== null);

  async function move(id: string, parentId: string | null): Promise<void> {
    const record = known.find((other) => other.id === id);
    const former = record?.['parentId'] ?? null;
    if (record === undefined || former === parentId) return;
    if (!(await askRights([{ entity: 'territory', id, values: { parentId } }]))) return;
    await run(
      'moveTerritory',
      { id, parentId },
      {
        done: t('territories.moved', { name: nameOf(record) }),
        undo: {
          command: 'moveTerritory',
          input: { id, parentId: former },
          entity: 'territory',
          ids: [id],
          left: { parentId },
        },
      },
    );
  }

  function toggle(id: string, isOpen: boolean): void {
    const next = new Set(closed);
    if (isOpen) next.delete(id);
    else next.add(id);
    setClosed(next);
  }

  return (
    <>
      <h1>{t('settings.territories.title')}</h1>
      <p className="op-muted">{t('settings.territories.text')}</p>
      {mayCreate ? (
        <div className={classes.bar}>
          <Button leftSection={<IconPlus size={15} />} onClick={() => setDialog('create')}>
            {t('territories.add')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconWand size={15} />}
            disabled={!hasRules}
            onClick={() => setDialog('rules')}
          >
            {t('territories.applyRules')}
          </Button>
        </div>
      ) : null}
      {territories !== undefined && known.length === 0 ? (
        <EmptyState icon={<IconMap2 />} title={t('territories.none')} text={t('territories.noneText')} />
      ) : (
        <div className={classes.columns}>
          <div>
            <TerritoryTreeView
              rows={rows}
              selectedId={selected?.id ?? null}
              closed={closed}
              isEditable={mayCreate}
              factOf={(id) => t('territories.accounts', { count: accounts.get(id) ?? 0 })}
              onSelect={(id) => {
                if (!isTypedWorkInTheWay()) setSelected(id);
              }}
              onToggle={toggle}
              onMove={(id, parentId) => void move(id, parentId)}
            />
            {mayCreate ? (
              <>
                <TopLevelTarget onDrop={(id) => void move(id, null)} />
                <p className={classes.hint}>{t('territories.keys')}</p>
              </>
            ) : null}
          </div>
          {selected === undefined ? null : (
            <TerritoryDetails
              key={selected.id}
              record={selected}
              territories={known}
              accounts={accounts.get(selected.id) ?? 0}
              counted={counted.get(selected.id) ?? []}
              onMove={(parentId) => void move(selected.id, parentId)}
            />
          )}
        </div>
      )}
      <CreateRecordDialog
        entity="territory"
        isOpen={dialog === 'create'}
        onClose={() => setDialog('none')}
        initial={selected === undefined ? {} : { parentId: selected.id }}
        initialLabels={selected === undefined ? {} : { [selected.id]: nameOf(selected) }}
        isStaying
      />
      {dialog === 'rules' ? <ApplyRulesDialog territories={known} onClose={() => setDialog('none')} /> : null}
    </>
  );
}

/** Where a territory is dropped to stand at the top. */
function TopLevelTarget(props: { readonly onDrop: (id: string) => void }) {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const latest = useRef(props.onDrop);
  latest.current = props.onDrop;
  useEffect(() => {
    if (element.current === null) return;
    return dropTargetForElements({
      element: element.current,
      canDrop: ({ source }) => typeof source.data['outpost-territory'] === 'string',
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        latest.current(String(source.data['outpost-territory']));
      },
    });
  }, []);
  return (
    <div ref={element} className={classes.top} data-over={isOver}>
      {t('territories.toTop')}
    </div>
  );
}
