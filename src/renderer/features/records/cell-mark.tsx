import { Button } from '@mantine/core';
import { IconTableOptions, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PivotCell } from '#shared/analytics/pivot-question.ts';

/** Says that a list holds only the records behind a number of a pivot, and shows all again. */
export function CellMark(props: { readonly cell: PivotCell; readonly onClear: () => void }) {
  const { t } = useTranslation();
  const depth = props.cell.row.length + props.cell.column.length;
  return (
    <Button
      variant="light"
      leftSection={<IconTableOptions size={14} />}
      rightSection={<IconX size={13} />}
      aria-label={t('list.clearCell')}
      title={t('list.clearCell')}
      onClick={props.onClear}
    >
      {depth === 0 ? t('list.behindPivot') : t('list.behindCell')}
    </Button>
  );
}
