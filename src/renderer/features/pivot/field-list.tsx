import { ActionIcon, Menu, TextInput, UnstyledButton } from '@mantine/core';
import { IconGripVertical, IconPlus, IconSearch } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PathText } from '#renderer/features/pivot/path-text.tsx';
import { useDraggable } from '#renderer/features/pivot/pivot-drag.ts';
import type { Zone } from '#shared/analytics/edit-spec.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotField } from '#shared/analytics/pivot-fields.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import { foldText } from '#shared/query/words.ts';
import classes from './pivot.module.css';

export type Target = Zone | 'filter';

/** Every field that can be asked about; dragged into a zone, or sent there by its menu. */
export function FieldList(props: {
  readonly source: PivotSource;
  readonly fields: readonly PivotField[];
  readonly names: PivotNames;
  readonly used: ReadonlySet<string>;
  readonly onAdd: (field: PivotField, target: Target) => void;
}) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const { fields, names, source } = props;
  const named = useMemo(
    () => fields.map((field) => ({ field, name: names.field(source, field.path) })),
    [fields, names, source],
  );
  const latest = useRef(props.onAdd);
  latest.current = props.onAdd;
  const add = useCallback((field: PivotField, target: Target) => latest.current(field, target), []);
  const wanted = foldText(search.trim());
  const shown = wanted === '' ? named : named.filter(({ name }) => foldText(name).includes(wanted));
  return (
    <div className={classes.fields}>
      <TextInput
        size="xs"
        leftSection={<IconSearch size={14} />}
        placeholder={t('analytics.pivot.findField')}
        aria-label={t('analytics.pivot.findField')}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <ul className={classes.fieldItems} aria-label={t('analytics.pivot.fields')}>
        {shown.map(({ field, name }) => (
          <li key={field.path}>
            <FieldItem field={field} name={name} isUsed={props.used.has(field.path)} onAdd={add} />
          </li>
        ))}
        {shown.length === 0 ? <li className="op-muted">{t('analytics.pivot.noField')}</li> : null}
      </ul>
    </div>
  );
}

const targets: readonly Target[] = ['rows', 'columns', 'values', 'filter'];

/** There are many, each with its menu: one is drawn anew only when it is used or not any more. */
const FieldItem = memo(DrawnField);

function DrawnField(props: {
  readonly field: PivotField;
  readonly name: string;
  readonly isUsed: boolean;
  readonly onAdd: (field: PivotField, target: Target) => void;
}) {
  const { t } = useTranslation();
  const { element, isDragging } = useDraggable({ field: props.field.path });
  return (
    <div ref={element} className={classes.field} data-dragging={isDragging} data-used={props.isUsed}>
      <IconGripVertical size={13} aria-hidden className={classes.grip} />
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={classes.fieldName} title={props.name}>
            <PathText text={props.name} />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {targets.map((target) => (
            <Menu.Item key={target} onClick={() => props.onAdd(props.field, target)}>
              {t(`analytics.pivot.addTo.${target}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        size="xs"
        variant="subtle"
        color="gray"
        className={classes.quickAdd}
        tabIndex={-1}
        aria-label={t('analytics.pivot.addToRows', { field: props.name })}
        onClick={() => props.onAdd(props.field, 'rows')}
      >
        <IconPlus size={13} />
      </ActionIcon>
    </div>
  );
}
