// One territory: its name and place, its people, with whom it shares, its rule, its figures. Every control saves at once.
import { Button, MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { TerritoryFigures } from '#renderer/features/settings/territories/territory-figures.tsx';
import { TerritoryFacts } from '#renderer/features/settings/territories/territory-facts.tsx';
import { TerritoryRuleText } from '#renderer/features/settings/territories/territory-rule-text.tsx';
import { TerritoryRule } from '#renderer/features/settings/territories/territory-rule.tsx';
import { nameOf } from '#renderer/features/settings/territories/territory-rows.ts';
import { useUsers } from '#renderer/features/settings/territories/use-territories.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { toTerritoryNode, TerritoryTree } from '#shared/access/territory-reach.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { isFilter } from '#shared/query/is-filter.ts';
import classes from './territories.module.css';

const definition = entities.territory;

interface DetailsProps {
  readonly record: LocalRecord;
  readonly territories: readonly LocalRecord[];
  readonly accounts: number;
  /** Territories whose records count for this one. */
  readonly counted: readonly string[];
  readonly onMove: (parentId: string | null) => void;
}

export function TerritoryDetails(props: DetailsProps) {
  const { t } = useTranslation();
  const run = useCommand();
  const { record } = props;
  const askRights = useRightsGate();
  const isEditable = useCan()('update', definition, record);
  const rule = isFilter(entities.account, record['ruleFilter']) ? record['ruleFilter'] : null;
  const children = props.territories.filter((other) => other['parentId'] === record.id);
  const save = (values: Readonly<Record<string, unknown>>): void =>
    void askRights([{ entity: 'territory', id: record.id, values }]).then((isWanted) =>
      isWanted ? run('updateRecord', { entity: 'territory', id: record.id, values }) : null,
    );

  async function remove(): Promise<void> {
    const input = { entity: 'territory', id: record.id };
    if (!(await askRights([{ ...input, entity: 'territory', values: null }]))) return;
    await run('deleteRecord', input, {
      done: t('record.deleted'),
      undo: { command: 'restoreRecord', input, entity: 'territory', ids: [record.id], left: null },
    });
  }

  return (
    <div className={classes.details}>
      <TerritoryFigures accounts={props.accounts} counted={props.counted} />
      <Panel
        title={nameOf(record)}
        actions={
          isEditable ? (
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={14} />}
              disabled={children.length > 0}
              title={children.length > 0 ? t('territories.deleteFirst') : undefined}
              onClick={() => void remove()}
            >
              {t('common.delete')}
            </Button>
          ) : null
        }
      >
        {isEditable ? (
          <div className={classes.details}>
            <Place {...props} save={save} />
            <People record={record} save={save} />
            <Sharing record={record} save={save} />
          </div>
        ) : (
          <TerritoryFacts record={record} territories={props.territories} />
        )}
      </Panel>
      {isEditable ? <TerritoryRule record={record} rule={rule} save={save} /> : null}
      {isEditable || rule === null ? null : <TerritoryRuleText record={record} rule={rule} />}
    </div>
  );
}

interface PartProps {
  readonly record: LocalRecord;
  readonly save: (values: Readonly<Record<string, unknown>>) => void;
}

function Place(props: DetailsProps & PartProps) {
  const names = useNames();
  const { t } = useTranslation();
  const { record, territories, save } = props;
  const below = new Set(
    new TerritoryTree(territories.map((other) => toTerritoryNode(other))).descendantsOf(record.id).map(({ id }) => id),
  );
  const parents = territories.filter((other) => other.id !== record.id && !below.has(other.id));
  return (
    <>
      <div className={classes.pair}>
        <TextField {...props} field="name" isRequired />
        <TextField {...props} field="code" />
      </div>
      <div className={classes.pair}>
        <Select
          label={names.field(definition, 'parentId')}
          data={parents.map((other) => ({ value: other.id, label: nameOf(other) }))}
          value={typeof record['parentId'] === 'string' ? record['parentId'] : null}
          placeholder={t('territories.top')}
          onChange={props.onMove}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
        />
        <Select
          label={names.field(definition, 'territoryType')}
          data={optionsOf(names, 'territoryType')}
          value={textOf(record['territoryType']) || 'geographic'}
          allowDeselect={false}
          onChange={(territoryType) => save({ territoryType })}
        />
      </div>
    </>
  );
}

function optionsOf(names: ReturnType<typeof useNames>, field: string): { value: string; label: string }[] {
  return (definition.fields[field]?.options ?? []).map(({ value }) => ({
    value,
    label: names.option(definition, field, value),
  }));
}

/** Saves when the field is left or Enter is pressed; empty where something is needed takes it back. */
function TextField(props: PartProps & { readonly field: string; readonly isRequired?: boolean }) {
  const names = useNames();
  const stored = textOf(props.record[props.field]);
  const [typed, setTyped] = useState<string | null>(null);
  const keep = (): void => {
    const text = typed?.trim() ?? stored;
    if (text !== stored && (text !== '' || props.isRequired !== true)) props.save({ [props.field]: text || null });
    setTyped(null);
  };
  return (
    <TextInput
      label={names.field(definition, props.field)}
      value={typed ?? stored}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') setTyped(null);
      }}
    />
  );
}

function People({ record, save }: PartProps) {
  const { t } = useTranslation();
  const names = useNames();
  const users = useUsers();
  const people = users.map((user) => ({ value: user.id, label: textOf(user['name']) }));
  const { managerId, memberIds } = toTerritoryNode(record);
  return (
    <>
      <div className={classes.pair}>
        <Select
          label={names.field(definition, 'managerId')}
          description={t('territories.managerHint')}
          data={people}
          value={managerId}
          onChange={(next) => save({ managerId: next })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          placeholder={t('common.choose')}
        />
        <Select
          label={names.field(definition, 'memberAccess')}
          description={t('territories.membersHint')}
          data={optionsOf(names, 'memberAccess')}
          value={textOf(record['memberAccess']) || 'edit'}
          onChange={(memberAccess) => save({ memberAccess })}
          allowDeselect={false}
        />
      </div>
      <MultiSelect
        label={names.field(definition, 'memberIds')}
        data={people}
        value={[...memberIds]}
        onChange={(next) => save({ memberIds: next })}
        searchable
        {...(memberIds.length === 0 ? { placeholder: t('common.choose') } : {})}
      />
    </>
  );
}

function Sharing({ record, save }: PartProps) {
  const { t } = useTranslation();
  const names = useNames();
  const switches = ['shareWithParent', 'shareWithChildren', 'recursiveSharing', 'rollupMetrics'] as const;
  return (
    <>
      {switches.map((field) => (
        <Switch
          key={field}
          label={names.field(definition, field)}
          description={t(`territories.switch.${field}`)}
          checked={field === 'rollupMetrics' ? record[field] !== false : record[field] === true}
          onChange={(event) => save({ [field]: event.currentTarget.checked })}
        />
      ))}
    </>
  );
}
