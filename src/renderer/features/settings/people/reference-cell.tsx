// Another person or team in a table: a name that becomes a list to choose from when it is clicked or Enter is pressed on it, and
// a name again afterwards. So a long list stays light, and every cell is one stop of the keyboard.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import classes from './people.module.css';

export function ReferenceCell(props: {
  readonly entity: EntityName;
  /** What the cell is about, with the name of whom. */
  readonly label: string;
  readonly value: string | null;
  readonly valueLabel: string;
  readonly isEditable: boolean;
  readonly onChange: (id: string | null) => void;
}) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const { label, value, valueLabel } = props;
  const shown = valueLabel === '' ? <span className="op-muted">–</span> : valueLabel;
  if (!props.isEditable) return <>{shown}</>;
  if (!isEditing)
    return (
      <button
        type="button"
        className={classes.cell}
        aria-label={t('people.changeCell', { label, value: valueLabel === '' ? t('people.nobody') : valueLabel })}
        onClick={() => setEditing(true)}
      >
        {shown}
      </button>
    );
  return (
    // The input inside is what is interacted with.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      onKeyDown={(event) => {
        if (event.key === 'Escape') setEditing(false);
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setEditing(false);
      }}
    >
      <ReferenceInput
        entity={props.entity}
        ariaLabel={label}
        size="xs"
        value={value}
        valueLabel={valueLabel}
        autoFocus
        onChange={(id) => {
          setEditing(false);
          if (id !== value) props.onChange(id);
        }}
      />
    </div>
  );
}
