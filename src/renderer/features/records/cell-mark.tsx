import { Button } from '@mantine/core';
import { IconTableOptions, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { PivotCell } from '#shared/analytics/pivot-question.ts';

/** Says that a list holds only the records behind a number of a pivot, and shows all again. */
export function CellMark(props: { readonly cell: PivotCell; readonly onClear: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { asOf } = props.cell.spec;
  const depth = props.cell.row.length + props.cell.column.length;
  return (
    <Button
      variant="light"
      leftSection={<IconTableOptions size={14} />}
      rightSection={<IconX size={13} />}
      aria-label={t('list.clearCell')}
      title={asOf === undefined ? t('list.clearCell') : t('list.behindPastHint')}
      onClick={props.onClear}
    >
      {asOf === undefined
        ? t(depth === 0 ? 'list.behindPivot' : 'list.behindCell')
        : t('list.behindPast', { day: format.day(asOf) })}
    </Button>
  );
}
