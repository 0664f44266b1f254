import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Whose } from '#renderer/features/tasks/task-scope.ts';

export function WhoseControl(props: { readonly whose: Whose; readonly onChange: (whose: Whose) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('task.whose.label')}
      value={props.whose}
      data={(['mine', 'all'] as const).map((value) => ({ value, label: t(`task.whose.${value}`) }))}
      onChange={(value) => props.onChange(value === 'all' ? 'all' : 'mine')}
    />
  );
}
